# SPDX-License-Identifier: Apache-2.0
"""The action server: what the bot asks of agencies and of the gateway on a citizen's behalf."""
