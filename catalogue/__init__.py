# SPDX-License-Identifier: Apache-2.0
"""What authors write (services, answers, rules), checked and compiled into what the bot and the gateway read."""
