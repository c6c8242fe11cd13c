"""What a share of few cases says about the many that could have been. Pure arithmetic."""

from dataclasses import dataclass
from math import sqrt

# The standard normal distribution has 95 % of its weight within so many deviations of its mean.
Z95 = 1.959963984540054
# A share of fewer cases than these is not told.
ENOUGH = 20


@dataclass(frozen=True, slots=True)
class Interval:
    """Between which shares, from 0 to 1, the true one plausibly lies."""

    low: float
    high: float

    def apart_from(self, other: "Interval") -> bool:
        """Whether the two have no share in common."""
        return self.low > other.high or self.high < other.low


def wilson(hits: int, cases: int, z: float = Z95) -> Interval:
    """The score interval of `hits` out of `cases`, 95 % unless `z` says otherwise.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of
    the American Statistical Association 22 (1927), 209-212. Unlike the usual normal interval it
    stays within 0 and 1 and has a width even where nothing or everything was hit. Raises
    ValueError without cases, or for hits that are not among them.
    """
    if cases < 1 or not 0 <= hits <= cases:
        raise ValueError(f"{hits} of {cases}")
    share, square = hits / cases, z * z
    middle = (share + square / (2 * cases)) / (1 + square / cases)
    spread = z * sqrt(share * (1 - share) / cases + square / (4 * cases * cases))
    half = spread / (1 + square / cases)
    # Where nothing or everything was hit the end is exact, which floating point would miss.
    low = 0.0 if hits == 0 else middle - half
    high = 1.0 if hits == cases else middle + half
    return Interval(low, high)


@dataclass(frozen=True, slots=True)
class Tally:
    """Orders by how they were paid. `late_days` are the days of all that were paid late."""

    not_due: int = 0
    on_time: int = 0
    late: int = 0
    overdue: int = 0
    written_off: int = 0
    late_days: int = 0

    @property
    def judged(self) -> int:
        """The denominator: those whose time is over."""
        return self.on_time + self.troubled

    @property
    def troubled(self) -> int:
        """The numerator: paid late, not paid, or given up."""
        return self.late + self.overdue + self.written_off

    @property
    def enough(self) -> bool:
        """Whether there are cases enough to tell a share."""
        return self.judged >= ENOUGH

    @property
    def percent(self) -> float | None:
        """The share of the troubled in percent; None when there are too few cases to tell."""
        return 100 * self.troubled / self.judged if self.enough else None

    @property
    def interval(self) -> Interval | None:
        """The interval of that share; None when there are too few cases to tell."""
        return wilson(self.troubled, self.judged) if self.enough else None

    @property
    def mean_late(self) -> float | None:
        """By how many days those that were paid late were late on average."""
        return self.late_days / self.late if self.late else None
