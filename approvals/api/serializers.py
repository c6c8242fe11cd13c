"""Approval requests as the API shows them in a list."""

from typing import Any

from rest_framework import serializers

from approvals.enums import RequestState
from approvals.models import ApprovalRequest, LimitChange
from credit.api.parties import PartySerializer
from staff.api.people import WhoSerializer

AMOUNT = {"max_digits": 18, "decimal_places": 2}


class OrderNameSerializer(serializers.Serializer):
    """An order in brief."""

    id = serializers.IntegerField()
    number = serializers.CharField()


class LimitChangeSerializer(serializers.ModelSerializer):
    """A limit that is asked for, in the account's currency.

    `before` and `resulting` are what the account may use on the first day, without and with it;
    null where there is no such amount. `granted` is the id of the limit that came of it.
    """

    granted = serializers.IntegerField(source="granted_id", allow_null=True)

    class Meta:
        model = LimitChange
        fields = (
            "type",
            "kind",
            "amount",
            "security",
            "covered_percent",
            "valid_from",
            "valid_until",
            "reference",
            "justification",
            "before",
            "resulting",
            "granted",
        )


class RequestSummarySerializer(serializers.ModelSerializer):
    """A request in a list: about an order that failed the gate, or about a change of a limit.

    `amount` is in `currency`, `excess` in `excess_currency`, which is the account's; `percent` is
    the excess as a share of the limit, null without a limit. `due_at` is by when those asked answer
    and `standing` how that stands.
    """

    name = serializers.CharField()
    about = serializers.SerializerMethodField()
    state = serializers.ChoiceField(RequestState.choices)
    order = OrderNameSerializer(allow_null=True)
    limit_change = LimitChangeSerializer(allow_null=True)
    customer = PartySerializer()
    amount = serializers.DecimalField(**AMOUNT, source="total")
    currency = serializers.SerializerMethodField()
    excess = serializers.DecimalField(**AMOUNT)
    excess_currency = serializers.CharField(source="decision.currency", default="")
    percent = serializers.DecimalField(max_digits=24, decimal_places=2, allow_null=True)
    levels = serializers.IntegerField()
    asked_of = serializers.ListField(child=serializers.CharField())
    due_at = serializers.DateTimeField(source="clock.due", default=None, allow_null=True)
    standing = serializers.CharField(source="clock.code", default=None, allow_null=True)
    questioned = serializers.BooleanField(help_text="Whether a question waits for a reply.")
    requested_by = WhoSerializer()
    decided_by = WhoSerializer(allow_null=True)

    class Meta:
        model = ApprovalRequest
        fields: tuple[str, ...] = (
            "id",
            "name",
            "about",
            "state",
            "order",
            "limit_change",
            "customer",
            "amount",
            "currency",
            "excess",
            "excess_currency",
            "percent",
            "stage",
            "levels",
            "round",
            "asked_of",
            "due_at",
            "standing",
            "questioned",
            "opened_at",
            "requested_by",
            "decided_at",
            "decided_by",
            "comment",
            "valid_until",
            "lapsed_at",
            "lapse_reason",
            "stuck_since",
        )

    def get_about(self, asked: Any) -> str:
        """`order` or `limit`."""
        return "limit" if asked.limit_change_id else "order"

    def get_currency(self, asked: Any) -> str:
        """The currency of the amount."""
        return str(asked.currency or (asked.order.currency if asked.order else ""))
