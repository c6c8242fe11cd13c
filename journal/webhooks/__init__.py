"""Webhooks out: what happened, told to other systems over HTTP.

The journal is the outbox. A trigger writes a message for each endpoint that wants an entry, in the
transaction of the entry (`outbox`); a worker sends them after the commit (`sending`), signed as
Standard Webhooks prescribes (`signing`), to addresses that lead out of the company's own network
or are allowed by name (`addresses`).
"""
