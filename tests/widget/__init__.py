# SPDX-License-Identifier: Apache-2.0
"""The web chat element in a real Chromium, against its development server."""
