# SPDX-License-Identifier: Apache-2.0
"""The LINE channel: webhooks read, answers drawn within LINE's limits, calls made with the official SDK."""
