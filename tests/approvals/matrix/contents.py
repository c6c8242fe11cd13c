"""Matrices for tests: small ones by hand, and any number at random."""

from random import Random

from approvals.matrix.content import CLASSES, clean
from approvals.matrix.people import Deciders
from approvals.matrix.seed import default_content

SEGMENTS = ["gold", "plain", "state"]
REASONS = ["blacklist", "limit", "overdue", "rule:flagged_goods"]
# Everybody who is needed by the matrix that came with the product.
STAFFED = Deciders(
    {1: "Ann", 2: "Bo", 3: "Cy"},
    {"approver_1": (1,), "approver_2": (2,), "credit_analyst": (3,), "boss": (2,)},
)


def stage(*seats, need="any", hours=8, escalate=None):
    """A stage; names stand for roles, numbers for people."""
    made = [{"person": seat} if isinstance(seat, int) else {"role": seat} for seat in seats]
    escalate = {"role": escalate} if escalate else None
    return {"need": need, "seats": made, "hours": hours, "escalate": escalate}


def row(code, *stages, **values):
    return {
        "code": code,
        "names": {"en": code.title()},
        "purpose": "order",
        "excess": ["0.00", None],
        "percent": ["0", None],
        "amount": ["0.00", None],
        "risk_classes": [],
        "segments": [],
        "reasons": [],
        "stages": list(stages) or [stage("approver_1")],
    } | values


LIMITS = row("limits", purpose="limit")


def content(*rows, currency="CNY"):
    return clean({"currency": currency, "rows": list(rows)})


def standard(**changes):
    """The matrix that comes with the product, with other values for some of its rows."""
    made = default_content()
    for each in made["rows"]:
        each |= changes.get(each["code"], {})
    return clean(made)


def without(made, *codes):
    return clean(made | {"rows": [each for each in made["rows"] if each["code"] not in codes]})


def random_content(random: Random, rows=6, whole=0.5):
    """Rows at random; each criterion is left open with the chance `whole`."""

    def band(steps, scale):
        if random.random() < whole:
            return ["0", None]
        low, high = sorted(random.sample(range(steps), 2))
        return [str(low * scale), None if high == steps - 1 else str(high * scale)]

    def some(codes):
        return [] if random.random() < whole else random.sample(codes, random.randint(1, 2))

    made = []
    for number in range(rows):
        limit = random.random() < 0.3
        made.append(
            row(
                f"row_{number}",
                stage(random.choice(["approver_1", "approver_2", "boss"])),
                purpose="limit" if limit else "order",
                excess=band(4, 100),
                percent=band(4, 10),
                amount=band(4, 100),
                risk_classes=some(list(CLASSES)),
                segments=some(SEGMENTS),
                reasons=[] if limit else some(REASONS),
            )
        )
    return content(*made)
