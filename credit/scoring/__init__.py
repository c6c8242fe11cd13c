"""Scorecards: from what is known of a customer to points, a risk class and a recommended limit."""
