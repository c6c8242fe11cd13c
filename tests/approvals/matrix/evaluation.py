"""The matrix evaluated once more, by other means: straight from the JSON, row by row.

Written from the description of the format alone; it shares no code with the product.
"""

from decimal import Decimal
from itertools import chain, combinations, product

from approvals.matrix.routing import Case

BEYOND = Decimal("9999999999999999.99")


def evaluate(content, case):
    """The code of the row that decides, or None."""
    takers = [row["code"] for row in content["rows"] if not set(refusals(row, case))]
    return takers[0] if takers else None


def takers(content, case):
    """The codes of all rows that would take the case."""
    return [row["code"] for row in content["rows"] if not set(refusals(row, case))]


def refusals(row, case):
    if row["purpose"] != case.purpose:
        yield "purpose"
    share = case.excess_percent
    if case.excess == 0:
        share = Decimal(0)
    elif share is None:
        share = BEYOND
    for name, figure in (("excess", case.excess), ("percent", share), ("amount", case.amount)):
        begin, end = row[name]
        if figure < Decimal(begin) or (end is not None and not figure < Decimal(end)):
            yield name
    for name, code in (
        ("risk_classes", case.risk_class or "unrated"),
        ("segments", case.segment),
    ):
        if row[name] and code not in row[name]:
            yield name
    if row["reasons"] and not [code for code in row["reasons"] if code in case.reasons]:
        yield "reasons"


def grid(content, *, segments, reasons):
    """A case for every cell that the bands of this matrix can tell apart.

    The figures are the ends of all bands, one hundredth before each, and something beyond; sets of
    one and two reasons, known and unknown. Cases that cannot be are left out.
    """
    figures = {name: _figures(content, name) for name in ("excess", "percent", "amount")}
    classes = ["A", "B", "C", "D", "E", ""]
    for purpose in ("order", "limit"):
        named = sorted({r for row in content["rows"] for r in row["reasons"]} & set(reasons))
        single = [{code} for code in [*named, "unheard_of"]]
        asked = single + [set(pair) for pair in combinations(named, 2)]
        for excess, percent, amount in product(*figures.values()):
            if (excess == 0) != (percent == 0) or (purpose == "limit" and amount < excess):
                continue
            for risk, segment in product(classes, [*segments, "elsewhere"]):
                for why in asked if purpose == "order" else [{"limit_change"}]:
                    yield Case(
                        purpose, excess, percent, amount, "CNY", risk, segment, frozenset(why)
                    )


def _figures(content, name):
    ends = chain.from_iterable(row[name] for row in content["rows"])
    cuts = {Decimal(end) for end in ends if end is not None}
    # Half a hundredth stands for a percentage between nothing and the smallest band.
    small = {Decimal("0.005")} if name == "percent" else {Decimal("0.01")}
    return sorted({Decimal(0), Decimal(10**9), *small, *cuts, *_before(cuts)})


def _before(cuts):
    return {cut - Decimal("0.01") for cut in cuts if cut}
