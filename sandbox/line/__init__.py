# SPDX-License-Identifier: Apache-2.0
"""A stateful fake of the LINE platform: what LINE promises a bot and what it does to one, from public documents."""
