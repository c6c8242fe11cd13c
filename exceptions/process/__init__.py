"""Tickets: from being opened to a closing record."""
