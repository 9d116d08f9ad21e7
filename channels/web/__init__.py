# SPDX-License-Identifier: Apache-2.0
"""The web channel: what a browser may send and what it is shown. Pure; the gateway's HTTP is in channels/gateway."""
