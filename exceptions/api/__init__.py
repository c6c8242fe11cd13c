"""Tickets, their causes and alert rules in the REST API: thin over the lifecycle."""
