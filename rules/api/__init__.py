"""Word lists in the REST API: thin over the lifecycle."""
