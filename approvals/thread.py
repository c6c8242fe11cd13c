"""Questions about a request and their replies, and who can be asked."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from approvals.enums import MessageKind, RequestState
from approvals.models import ApprovalRequest, Message
from staff.models import User


@dataclass(frozen=True)
class Thread:
    """What was said, and the question that nobody replied to yet."""

    said: list[Message]
    open_question: Message | None


def thread(request: ApprovalRequest) -> Thread:
    """The thread of a request. One query."""
    said = list(request.messages.select_related("by", "to").order_by("pk"))
    waits = request.state == RequestState.OPEN and said and said[-1].kind == MessageKind.QUESTION
    return Thread(said, said[-1] if waits else None)


def people_to_ask(request: ApprovalRequest, user: User) -> list[tuple[int, str]]:
    """Whom `user` may ask: the salesperson first, then everybody else who can see the request."""
    first = [request.order_owner, request.requested_by, request.customer.owner]
    others = _holders("approvals", "view_approvalrequest").filter(
        pk__in=_holders("credit", "view_all_customers").values("pk")
    )
    people = {person.pk: person for person in [*first, *others.order_by("full_name", "pk")]}
    return [
        (pk, person.display_name)
        for pk, person in people.items()
        if pk != user.pk and person.is_active
    ]


def _holders(app: str, codename: str) -> QuerySet[User]:
    names = {"content_type__app_label": app, "codename": codename}
    of_group = {f"groups__permissions__{key}": value for key, value in names.items()}
    own = {f"user_permissions__{key}": value for key, value in names.items()}
    holds = Q(**of_group) | Q(**own) | Q(is_superuser=True)
    return User.objects.filter(holds, is_active=True).distinct()
