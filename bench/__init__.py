# SPDX-License-Identifier: Apache-2.0
"""Measurements: each prints a table and a line of JSON. They are run by hand, never as tests."""
