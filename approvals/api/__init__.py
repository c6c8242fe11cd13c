"""Approval requests, changes of limits, the matrix and its results in the REST API."""
