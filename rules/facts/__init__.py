"""What a rule may ask about a subject: typed facts, declared beside the model they read.

Every fact answers *as of a moment* `at`, so that one rule means the same now, at submit and at any
past hour. Every comparison has three outcomes: true, false, or missing when there was no data to
compare. See `rules.subjects` for a worked declaration.
"""

from rules.facts.amounts import Money, Multiple, Number, Percent, Ratio
from rules.facts.base import Fact
from rules.facts.events import Elapsed, Happened
from rules.facts.states import Boolean, Choice
from rules.facts.texts import Text

__all__ = [
    "Boolean",
    "Choice",
    "Elapsed",
    "Fact",
    "Happened",
    "Money",
    "Multiple",
    "Number",
    "Percent",
    "Ratio",
    "Text",
]
