"""How a version of a policy in the shadow would have decided, beside what was decided."""

from typing import Any

from django.db.models import Q
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from credit.api.parties import PartySerializer
from credit.models import PolicyVersion
from orders.api.serializers import CheckSerializer
from orders.enums import Outcome
from orders.forms.filters import midnight, next_midnight
from orders.forms.tester import ShadowFilter
from orders.models import Order, ShadowDecision
from orders.reasons import in_words
from orders.shadow import changed_reasons, differing
from staff.api.schema import described, pages
from staff.api.views import ApiViewSet, filtered
from staff.api.whole import Whole


class ApiShadowFilter(ShadowFilter):
    """The filters of the page; the version is that of the address."""

    version = None  # type: ignore[assignment]

    def __init__(self, data: Any) -> None:
        super(ShadowFilter, self).__init__(data)

    def chosen(self) -> Q:
        """What the filters ask for; only for a valid form."""
        values = self.cleaned_data
        found = differing(values["difference"])
        if values["customer"]:
            found &= Q(decision__order__customer__code__iexact=values["customer"])
        if values["since"]:
            found &= Q(decision__at__gte=midnight(values["since"]))
        if values["until"]:
            found &= Q(decision__at__lt=next_midnight(values["until"]))
        return found


class ShadowDecisionSerializer(serializers.ModelSerializer):
    """A decision in the shadow. `decided` is the outcome that counted.

    `added` and `dropped` are the codes of the checks that block only in the shadow, or only where
    it counted; `checks` are those of the shadow.
    """

    order = serializers.IntegerField(source="decision.order_id")
    number = serializers.CharField(source="decision.order.number")
    customer = PartySerializer(source="decision.order.customer")
    at = serializers.DateTimeField(source="decision.at")
    decided = serializers.ChoiceField(Outcome.choices, source="decision.outcome")
    added = serializers.ListField(child=serializers.CharField())
    dropped = serializers.ListField(child=serializers.CharField())
    checks = serializers.SerializerMethodField()

    class Meta:
        model = ShadowDecision
        fields = (
            "id",
            "decision",
            "order",
            "number",
            "customer",
            "at",
            "outcome",
            "decided",
            "added",
            "dropped",
            "checks",
        )

    @extend_schema_field(CheckSerializer(many=True))
    def get_checks(self, row: Any) -> Any:
        """The checks as the caller may read them."""
        return CheckSerializer(in_words(row, self.context["request"].user), many=True).data


class ShadowViewSet(ApiViewSet):
    """Results of versions in the shadow."""

    tag = "policies"
    access = {"shadow": ("credit.view_policy",)}

    @described(
        "What a version would have decided in the shadow, where it differs, newest first",
        gives=pages(ShadowDecisionSerializer),
        filters=ApiShadowFilter,
    )
    @action(detail=True, url_path="shadow-decisions")
    def shadow(self, request: Request, pk: int) -> Response:
        form, version = ApiShadowFilter(request.GET), PolicyVersion.objects.get(pk=pk)
        filtered(form)
        seen = ShadowDecision.objects.filter(decision__order__in=Order.objects.for_user(self.user))
        found = seen.filter(form.chosen(), policy_version=version)
        rows = found.select_related("decision__order__customer", "policy_version")
        return self.listed(rows, ShadowDecisionSerializer, ("-pk",), _compared)


def _compared(rows: Any) -> list[Any]:
    compared = []
    for row in rows:
        added, dropped = changed_reasons(row)
        compared.append(Whole(row, added=sorted(added), dropped=sorted(dropped)))
    return compared
