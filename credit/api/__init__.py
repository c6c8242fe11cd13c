"""Customers, their credit and their receivables in the REST API: thin over the lifecycle."""
