"""Approvals in hindsight: how orders that were released over reasons were paid afterwards."""
