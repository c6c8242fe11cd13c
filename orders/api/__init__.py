"""Orders, holds, conditions, products and flags in the REST API: thin over the lifecycle."""
