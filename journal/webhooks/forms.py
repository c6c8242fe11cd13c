from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from journal.webhooks import topics
from journal.webhooks.models import WebhookEndpoint
from journal.webhooks.querysets import MessageQuerySet
from journal.webhooks.subjects import find_order

_MOMENT = "%Y-%m-%dT%H:%M"


class EndpointForm(forms.Form):
    """Where a webhook leads and what it tells. What may be entered is the lifecycle's to judge."""

    description = forms.CharField(
        label=_("What it is for"),
        max_length=200,
        help_text=_("Such as the system that receives it."),
    )
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://", "spellcheck": "false"}),
        help_text=_("Begins with https:// and leads to a server outside, or to one named by the"
                    " setting WEBHOOK_INSIDE."),
    )  # fmt: skip
    topics = forms.MultipleChoiceField(
        label=_("Events"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, endpoint: WebhookEndpoint | None = None) -> None:
        initial = {}
        if endpoint:
            initial = {
                "url": endpoint.url,
                "description": endpoint.description,
                "topics": endpoint.topics,
            }
        super().__init__(data, initial=initial)
        every = (topics.EVERYTHING, topics.label(topics.EVERYTHING))
        self.fields["topics"].choices = [every, *topics.offered()]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> set[str]:
        """The topics that are ticked, as the page shows them."""
        return set(self["topics"].value() or ())

    @property
    def groups(self) -> list[dict[str, Any]]:
        """Topics by kind, with how many of each are ticked."""
        return [
            {
                "label": label,
                "choices": choices,
                "count": len(self.chosen & {c for c, _l in choices}),
            }
            for label, choices in topics.offered()
        ]


class RotateForm(forms.Form):
    """Whether the old secret goes on signing for a while."""

    at_once = forms.BooleanField(
        label=_("End the old secret at once, as somebody else may know it"), required=False
    )


class ReplayForm(forms.Form):
    """Since when what was given up is sent again."""

    since = forms.DateTimeField(
        label=_("Written since"),
        input_formats=[_MOMENT, "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT),
    )

    def __init__(self, data: Any = None, *, at: datetime) -> None:
        super().__init__(data, initial={"since": at - timedelta(days=2)})


class MessageFilter(forms.Form):
    """What the log of an endpoint is narrowed to."""

    q = forms.CharField(label=_("Number of the order"), required=False, max_length=40)
    topic = forms.ChoiceField(label=_("Event"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        offered = [(label, choices[1:]) for label, choices in topics.offered()]
        self.fields["topic"].choices = [("", _("All")), *offered]  # type: ignore[attr-defined]

    @property
    def narrowed(self) -> bool:
        """Whether a filter is in force."""
        return any(self.data.get(name) for name in self.fields)

    def narrow(self, messages: MessageQuerySet) -> MessageQuerySet:
        """Those that the filters ask for; a broken filter shows nothing, and says so."""
        if not self.is_valid():
            return messages.none()
        if topic := self.cleaned_data["topic"]:
            messages = messages.filter(topic=topic)
        if number := self.cleaned_data["q"]:
            order_id = find_order(number)
            lane = f"orders.order {order_id}"
            messages = messages.filter(lane=lane) if order_id else messages.none()
        return messages
