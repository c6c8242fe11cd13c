"""Which policy governs a customer, and why."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from credit.content import Content
from credit.enums import PolicyScope, VersionState
from credit.models import Customer, Policy, PolicyVersion

# From the narrowest scope to the widest.
PRECEDENCE = (
    PolicyScope.CUSTOMER,
    PolicyScope.RISK_CLASS,
    PolicyScope.SEGMENT,
    PolicyScope.ALL,
)


@dataclass(frozen=True)
class Candidate:
    """A policy whose scope covers the customer."""

    policy: Policy
    version: PolicyVersion | None
    excluded: bool
    governs: bool

    @property
    def why(self) -> str:
        """Why it governs the customer or does not, in the reader's language."""
        if self.excluded:
            return _("Does not apply: this customer is excluded from it.")
        if self.version is None:
            return _("Does not apply: none of its versions is published.")
        if not self.governs:
            return _("Does not apply: a narrower policy governs.")
        return _("Governs, with version %(number)s.") % {"number": self.version.number}


def _covering(customer: Customer) -> QuerySet[Policy]:
    covers = (
        Q(scope=PolicyScope.ALL)
        | Q(scope=PolicyScope.SEGMENT, segment_id=customer.segment_id)
        | Q(scope=PolicyScope.CUSTOMER, customer_id=customer.pk)
    )
    if customer.risk_class:
        covers |= Q(scope=PolicyScope.RISK_CLASS, risk_class=customer.risk_class)
    rank = Case(
        *(When(scope=scope, then=Value(rank)) for rank, scope in enumerate(PRECEDENCE)),
        output_field=IntegerField(),
    )
    return Policy.objects.filter(covers).annotate(rank=rank).order_by("rank")


def candidates(customer: Customer) -> list[Candidate]:
    """Every policy that covers the customer, narrowest first; the first published one governs."""
    made: list[Candidate] = []
    for policy in _covering(customer).prefetch_related("versions", "excluded"):
        version = next(
            (v for v in policy.versions.all() if v.state == VersionState.PUBLISHED), None
        )
        excluded = customer in policy.excluded.all()
        governs = version is not None and not excluded and not any(c.governs for c in made)
        made.append(Candidate(policy, version, excluded, governs))
    return made


@dataclass(frozen=True, slots=True)
class Governing:
    """The version that decides for a customer, and the one that is tried in its shadow, if any."""

    version_id: int
    content: Content
    shadow_id: int | None
    shadow: Content | None


def governing(customer_id: int) -> Governing:
    """The version that governs the customer now. One call; contents are remembered by version.

    Raises PolicyVersion.DoesNotExist when no policy is published for the customer.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM credit_governing(%s)", [customer_id])
        return of_versions(*cursor.fetchone())


def of_versions(version_id: int | None, shadow_id: int | None) -> Governing:
    """The versions that the database function `credit_governing` found, with their contents."""
    if version_id is None:
        raise PolicyVersion.DoesNotExist
    shadow = content_of(shadow_id) if shadow_id else None
    return Governing(version_id, content_of(version_id), shadow_id, shadow)


@lru_cache(maxsize=512)
def content_of(version_id: int) -> Any:
    """The content of a version that is no draft any more, which never changes."""
    return PolicyVersion.objects.values_list("content", flat=True).get(pk=version_id)
