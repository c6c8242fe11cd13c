"""Append-only history. `from journal.record import record` writes, `journal.models.Entry` reads."""
