"""The approval matrix: who decides about which orders and which changes of limits."""
