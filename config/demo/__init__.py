"""A made-up trading company with three months of business, for trying the product.

Everything is loaded through the same lifecycle verbs that people use, with times relative to the
moment of loading, and comes out the same every time.
"""

from config.demo.people import sign_ins

__all__ = ["sign_ins"]
