# SPDX-License-Identifier: Apache-2.0
"""The dialogue core: Rasa 3.6 with Thai understanding, spoken to over loopback only (Python 3.10, own environment)."""
