"""Who is away and who stands in: for oneself, and for whoever one looks after."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from staff.absence import lifecycle
from staff.absence.errors import AbsenceError
from staff.absence.models import Absence
from staff.api.fields import DayField, PersonField
from staff.api.people import WhoSerializer
from staff.api.problems import answer_to, declare
from staff.api.schema import described, pages
from staff.api.views import ApiViewSet, filtered
from staff.api.whole import Whole
from staff.days import company_day

ABSENCE = declare(
    "absence_refused",
    422,
    gettext_lazy("The absence cannot be like this"),
    gettext_lazy("The detail says what is wrong and what to do."),
)
answer_to(AbsenceError, ABSENCE)

SEE_ALL = "staff.view_absence"


class AbsenceSerializer(serializers.ModelSerializer):
    """Somebody is away from the first to the last day, both included."""

    user = WhoSerializer()
    substitute = WhoSerializer(allow_null=True)
    state = serializers.CharField()

    class Meta:
        model = Absence
        fields = (
            "id",
            "user",
            "substitute",
            "first_day",
            "last_day",
            "note",
            "state",
            "ended_at",
            "back_on",
        )


class AbsenceIn(serializers.Serializer):
    """When somebody is away, oneself unless a `person` is named, and who stands in."""

    person = PersonField(required=False)
    first_day = DayField()
    last_day = DayField()
    substitute = PersonField(allow_null=True, default=None)
    note = serializers.CharField(max_length=200, allow_blank=True, default="")


class AbsenceFilter(forms.Form):
    """Whose absences are wanted: one's own, or everybody's that one may see."""

    whose = forms.ChoiceField(
        label=gettext_lazy("Whose"),
        required=False,
        choices=[("mine", gettext_lazy("Mine")), ("all", gettext_lazy("Everybody's"))],
    )


class AbsenceViewSet(ApiViewSet):
    """Absences."""

    access = {"list": (), "create": (), "end": ()}

    @described("Absences, the latest first", gives=pages(AbsenceSerializer), filters=AbsenceFilter)
    def list(self, request: Request) -> Response:
        chosen = filtered(AbsenceFilter(request.GET))
        seen = self._seen() if chosen["whose"] == "all" else Absence.objects.of(self.user.pk)
        found = seen.select_related("user", "substitute")
        return self.listed(found, AbsenceSerializer, ("-first_day", "-pk"), self._dressed)

    @described(
        "Say that one is away, or somebody whom one looks after",
        takes=AbsenceIn,
        gives=AbsenceSerializer,
        status=201,
        example={"first_day": "2026-07-01", "last_day": "2026-07-14", "substitute": 7},
    )
    def create(self, request: Request) -> Response:
        given = self.given(AbsenceIn)
        substitute = given.pop("substitute")
        made = lifecycle.set_absence(
            user_id=given.pop("person", self.user).pk,
            substitute_id=substitute.pk if substitute else None,
            by=self.user,
            at=self.at,
            **given,
        )
        return self._told(made, 201)

    @described("End an absence today, or before it begins", gives=AbsenceSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: int) -> Response:
        self._seen().get(pk=pk)
        return self._told(lifecycle.end_absence(absence_id=pk, by=self.user, at=self.at))

    def _seen(self) -> Any:
        everybodys = self.user.has_perm(SEE_ALL)
        return Absence.objects.all() if everybodys else Absence.objects.of(self.user.pk)

    def _dressed(self, rows: Any) -> Any:
        today = company_day(self.at)
        return [Whole(row, state=row.state_on(today)) for row in rows]

    def _told(self, absence: Absence, status: int = 200) -> Response:
        return Response(self.shown(AbsenceSerializer, self._dressed([absence])[0]), status)
