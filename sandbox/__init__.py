# SPDX-License-Identifier: Apache-2.0
"""Emulators of the outside world for the demo and the tests: real shapes, invented values."""
