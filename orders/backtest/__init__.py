"""Trying a version of a credit policy on past orders, each as things stood at its own moment.

One stream of events, sorted by the database, is read once (`events`); a book keeps how every
account stands while it passes (`book`, `standing_then`); for each case the facts are put together
in the shape that the gate looks at (`facts`), and the gate's own `judge` says the rest.
"""
