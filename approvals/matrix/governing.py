"""Which version of the matrix governs, and which row of it a case takes."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from approvals.matrix.cases import case_of_limit, case_of_order
from approvals.matrix.models import MatrixVersion
from approvals.matrix.routing import Case, Row, route
from credit.models import CreditAccount
from orders.models import Decision, Order


@dataclass(frozen=True, slots=True)
class Routed:
    """The row that a case takes, and the version that says so.

    `row` is None only where no row matches, which no published version leaves open.
    """

    version: MatrixVersion
    case: Case
    row: Row | None


def governing_matrix(at: datetime) -> MatrixVersion:
    """The version in force at `at`; before the first one, the one that is in force now.

    Raises MatrixVersion.DoesNotExist where none is published.
    """
    versions = MatrixVersion.objects.all()
    return versions.in_force(at).first() or versions.published().get()


def route_order(order: Order, decision: Decision, at: datetime) -> Routed:
    """Who decides about an order that failed, by the matrix in force at `at`."""
    version = governing_matrix(at)
    case = case_of_order(order, decision, into=version.content["currency"], at=at)
    return Routed(version, case, route(version.content, case))


def route_limit(account: CreditAccount, resulting: Decimal | None, at: datetime) -> Routed:
    """Who decides about a limit; `resulting` is what the account may then use, None unlimited.

    The account comes from a queryset `with_limits` of the day.
    """
    version = governing_matrix(at)
    case = case_of_limit(account, resulting, into=version.content["currency"], at=at)
    return Routed(version, case, route(version.content, case))
