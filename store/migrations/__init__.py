# SPDX-License-Identifier: Apache-2.0
"""Alembic's folder: each version changes the tables in one direction and is never edited after a release."""
