# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL: the ledger (inbox, turns, outbox), contacts, cases, the vault. Every query that the product makes is in here."""
