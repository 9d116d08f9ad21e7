# SPDX-License-Identifier: Apache-2.0
"""Ways in: one folder per channel, each seeing only core and thai, and the gateway that they share."""
