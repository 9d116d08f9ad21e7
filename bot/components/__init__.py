# SPDX-License-Identifier: Apache-2.0
"""Rasa graph components for Thai, one per file."""
