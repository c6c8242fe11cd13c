"""The journal in the REST API: read only."""
