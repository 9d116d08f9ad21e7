# SPDX-License-Identifier: Apache-2.0
"""The words of the house as types: messages, errors, outcomes, retry rules. Standard library only, Python 3.10+."""
