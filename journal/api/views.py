"""What happened, by whom, when and why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from journal.export import entry_sheet
from journal.models import Entry
from staff.api.people import WhoSerializer
from staff.api.schema import described, exported, pages
from staff.api.views import ApiViewSet, filtered


class EntrySerializer(serializers.ModelSerializer):
    """One thing that happened. `by` is null where the system acted by itself."""

    label = serializers.CharField()  # type: ignore[assignment]
    reason = serializers.CharField(source="words")
    by = WhoSerializer(allow_null=True)
    order = serializers.IntegerField(source="order_id", allow_null=True)

    class Meta:
        model = Entry
        fields = (
            "id",
            "at",
            "recorded_at",
            "by",
            "action",
            "label",
            "subject_type",
            "subject_id",
            "order",
            "from_state",
            "to_state",
            "reason",
            "data",
        )


class EntryFilter(forms.Form):
    """Which entries are wanted: of an order, of a subject, of an action, by somebody."""

    order = forms.IntegerField(label=gettext_lazy("Order"), required=False, min_value=1)
    subject_type = forms.CharField(
        label=gettext_lazy("kind of subject"), required=False, max_length=60
    )
    subject_id = forms.IntegerField(label=gettext_lazy("subject"), required=False, min_value=1)
    action = forms.CharField(label=gettext_lazy("what"), required=False, max_length=60)
    by = forms.IntegerField(label=gettext_lazy("who"), required=False, min_value=1)

    def narrow(self, entries: Any) -> Any:
        """The entries that pass every filter; only for a valid form."""
        given = {name: value for name, value in self.cleaned_data.items() if value}
        if "order" in given:
            given["order_id"] = given.pop("order")
        return entries.filter(**given)


class EntryViewSet(ApiViewSet):
    """The journal."""

    SEE = ("journal.view_entry",)
    access = {"list": SEE, "export": SEE, "retrieve": SEE}

    @described(
        "Find entries, the latest recorded first",
        gives=pages(EntrySerializer),
        filters=EntryFilter,
    )
    def list(self, request: Request) -> Response:
        return self.listed(self._narrowed(), EntrySerializer, ("-pk",))

    @exported("The journal", filters=EntryFilter)
    @action(detail=False)
    def export(self, request: Request) -> Any:
        return self.sent(entry_sheet(self._narrowed().order_by("-pk")))

    def _narrowed(self) -> Any:
        form = EntryFilter(self.request.GET)
        filtered(form)
        return form.narrow(Entry.objects.select_related("by"))

    @described("One entry", gives=EntrySerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        entry = Entry.objects.select_related("by").get(pk=pk)
        return Response(self.shown(EntrySerializer, entry))
