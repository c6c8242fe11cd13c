"""What an endpoint can be told: actions that the journal declares, one by one or by their kind."""

from collections.abc import Collection, Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from journal import actions

EVERYTHING = "*"

_KINDS: dict[str, str | Promise] = {
    "order": _("Orders"),
    "approval": _("Approvals"),
    "credit": _("Credit"),
    "ticket": _("Tickets"),
    "rule": _("Alert rules"),
    "sla": _("Times for tickets"),
    "word_list": _("Word lists"),
    "matrix": _("Approval matrix"),
    "person": _("People"),
    "department": _("Departments"),
    "absence": _("Absences"),
    "hours": _("Business hours"),
    "file": _("Attached files"),
    "api_key": _("API keys"),
    "second_step": _("Second steps of sign-ins"),
    "webhook": _("Webhooks"),
}


def kinds() -> list[str]:
    """The first words of all declared actions, in the order in which they are offered."""
    found = {code.partition(".")[0] for code in actions.declared()}
    known = [kind for kind in _KINDS if kind in found]
    return [*known, *sorted(found - _KINDS.keys())]


def kind_label(kind: str) -> str:
    """What the actions of a kind are about, in the reader's language."""
    return str(_KINDS.get(kind, kind))


def offered() -> list[tuple[str, list[tuple[str, str]]]]:
    """Topics by kind, as choices of a form: the wildcard of the kind, then its actions."""
    groups = []
    for kind in kinds():
        of_kind = [(c, actions.label(c)) for c in actions.declared() if c.startswith(f"{kind}.")]
        groups.append((kind_label(kind), [(wildcard(kind), label(wildcard(kind))), *of_kind]))
    return groups


def wildcard(kind: str) -> str:
    return f"{kind}.*"


def label(topic: str) -> str:
    """A topic in the reader's language; one that is no longer declared keeps its code."""
    if topic == EVERYTHING:
        return str(_("Every event"))
    kind, _dot, action = topic.partition(".")
    if action == "*":
        return str(_("All events: %(kind)s")) % {"kind": kind_label(kind)}
    return actions.label(topic) if topic in actions.declared() else topic


def unknown(topics: Iterable[str]) -> set[str]:
    """Those that are neither declared actions nor wildcards over some."""
    return set(topics) - {EVERYTHING, *map(wildcard, kinds()), *actions.declared()}


def tidy(topics: Collection[str]) -> list[str]:
    """In the order in which they are offered, without those that another one stands for."""
    if EVERYTHING in topics:
        return [EVERYTHING]
    chosen: list[str] = []
    for kind in kinds():
        if wildcard(kind) in topics:
            chosen.append(wildcard(kind))
        else:
            chosen += sorted(topic for topic in topics if topic.startswith(f"{kind}."))
    return chosen
