# SPDX-License-Identifier: Apache-2.0
"""Clients of public agencies, one module each: one async function per question."""
