# SPDX-License-Identifier: Apache-2.0
"""The terminal channel: the smallest channel there is, and the one to read first."""
