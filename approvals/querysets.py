from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import DecimalField, Exists, F, Func, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, NullIf

from approvals.enums import MessageKind, RequestState, SeatState
from credit.money import LARGEST, ZERO
from staff.roles import Role

if TYPE_CHECKING:
    from staff.models import User

_DECIMAL: "DecimalField[Any, Any]" = DecimalField(max_digits=24, decimal_places=4)


class _Limit(Func):
    """The limit that the check of the account's own limit found, as text; null where none was."""

    template = (
        "(jsonb_path_query_first(%(expressions)s, "
        "'$[*] ? (@.code == \"limit\").figures.limit') #>> '{}')"
    )
    output_field = models.TextField()


class ApprovalRequestQuerySet(models.QuerySet[Any]):
    def for_user(self, user: "User") -> "ApprovalRequestQuerySet":
        """The requests this user may see: all, or those about orders of their customers."""
        if user.has_perm("credit.view_all_customers"):
            return self
        return self.filter(_of(user.pk))

    def with_subject(self) -> "ApprovalRequestQuerySet":
        """With what each is about: the order and its decision, or the limit, and the customer."""
        return self.select_related(
            "order__customer", "decision", "limit_change__account__customer", "requested_by"
        )

    def locked(self) -> "ApprovalRequestQuerySet":
        """Lock the request rows in id order."""
        return self.select_for_update(of=("self",)).order_by("pk")

    def open(self) -> "ApprovalRequestQuerySet":
        return self.filter(state=RequestState.OPEN)

    def answered(self) -> "ApprovalRequestQuerySet":
        """Requests that ended, but for approvals that lapsed since."""
        return self.exclude(state__in=[RequestState.OPEN, RequestState.LAPSED])

    def lapsed(self) -> "ApprovalRequestQuerySet":
        return self.filter(state=RequestState.LAPSED)

    def stuck(self) -> "ApprovalRequestQuerySet":
        """Open requests that nobody can decide."""
        return self.open().filter(stuck_since__isnull=False)

    def waiting_for(self, user: "User", day: date) -> "ApprovalRequestQuerySet":
        """Open requests that this user is asked about on a company day, also in place of others.

        Never those about orders of their own, nor those that they have answered.
        """
        from approvals.eligible import in_place_of
        from approvals.models import Answer, Seat

        if not user.has_perm("approvals.decide"):
            return self.none()
        places = Q()
        for pk in in_place_of(user, day):
            every = user.is_superuser and pk == user.pk
            roles = Role.values if every else Group.objects.filter(user=pk).values("name")
            places |= (Q(role__in=roles) | Q(person=pk)) & ~_own(pk, "request__")
        now = {"request": OuterRef("pk"), "round": OuterRef("round")}
        asked = Exists(Seat.objects.filter(places, state=SeatState.ASKED, **now))
        answered = Exists(Answer.objects.filter(by=user, **now))
        return self.for_user(user).open().filter(asked, ~answered).exclude(_own(user.pk))

    def with_percent(self) -> "ApprovalRequestQuerySet":
        """With `percent`, the excess as a share of the limit the check saw; null without one.

        `percent_rank` sorts by it: an excess over no limit is larger than any other.
        """
        limit = NullIf(Cast(_Limit(F("decision__checks")), _DECIMAL), Value(ZERO, _DECIMAL))
        percent = Cast(F("decision__excess") * Value(100) / limit, _DECIMAL)
        beyond = models.Case(
            models.When(decision__excess__gt=0, then=Value(LARGEST, _DECIMAL)),
            default=Value(ZERO, _DECIMAL),
            output_field=_DECIMAL,
        )
        return self.annotate(percent=percent).annotate(
            percent_rank=Coalesce(F("percent"), beyond, output_field=_DECIMAL)
        )

    def with_clock(self) -> "ApprovalRequestQuerySet":
        """With `due` and `remind`, the deadline that comes first and its reminder.

        `due_rank` sorts by it; what nobody is asked about comes with the moment it opened.
        """
        from approvals.models import Seat

        first = Seat.objects.filter(request=OuterRef("pk"), state=SeatState.ASKED)
        first = first.order_by("due_at", "pk")
        return self.annotate(
            due=Subquery(first.values("due_at")[:1]), remind=Subquery(first.values("remind_at")[:1])
        ).annotate(due_rank=Coalesce("due", "opened_at"))

    def with_what_lists_show(self) -> "ApprovalRequestQuerySet":
        """With everything that a row shows: who is asked, by when, whether a question is open."""
        from approvals.models import Message, Seat

        asked = Seat.objects.filter(state=SeatState.ASKED).select_related("person")
        last = Message.objects.filter(request=OuterRef("pk")).order_by("-pk").values("kind")[:1]
        return (
            self.with_percent()
            .with_clock()
            # A change of a limit has neither an order nor an excess; lists are sorted by both.
            .annotate(
                last_word=Subquery(last),
                total=Coalesce("order__total", "amount"),
                excess=Coalesce("decision__excess", Value(ZERO, _DECIMAL), output_field=_DECIMAL),
            )
            .annotate(
                questioned=models.Case(
                    models.When(
                        state=RequestState.OPEN, last_word=MessageKind.QUESTION, then=Value(True)
                    ),
                    default=Value(False),
                )
            )
            .with_subject()
            .select_related("decided_by")
            .prefetch_related(Prefetch("seats", queryset=asked, to_attr="asked_seats"))
        )


def _of(user_id: int) -> Q:
    """Requests about customers that somebody looks after, or about orders of theirs."""
    names = ("order_owner", "order__customer__owner", "limit_change__account__customer__owner")
    return Q(*((name, user_id) for name in names), _connector=Q.OR)


def _own(user_id: int, prefix: str = "") -> Q:
    """Requests of somebody, about an order they submitted or own, or a customer of theirs."""
    names = (
        "requested_by", "order_owner", "order__submitted_by",
        "limit_change__account__customer__owner",
    )  # fmt: skip
    return Q(*((f"{prefix}{name}", user_id) for name in names), _connector=Q.OR)
