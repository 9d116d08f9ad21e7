# SPDX-License-Identifier: Apache-2.0
"""The only package that wires the others together: settings, processes and the command line."""
