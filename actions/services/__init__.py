# SPDX-License-Identifier: Apache-2.0
"""The custom actions of each public service, only where the catalogue cannot say it."""
