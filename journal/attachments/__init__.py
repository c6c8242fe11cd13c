"""Files that belong to something: an order, a request. Kept in private, never deleted."""
