"""Customers, their limits and groups as the API shows them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from credit.api.parties import PartySerializer
from credit.api.standing import AMOUNT, AccountSerializer, BehaviourSerializer, LimitSerializer
from credit.models import CreditLimit, Customer, LedgerEntry
from staff.api.people import WhoSerializer


class CustomerSummarySerializer(serializers.ModelSerializer):
    """A customer in a list. `account` is null without one, and for those who may not see it.

    `overdue` is in the account's currency.
    """

    segment = serializers.CharField(source="segment.code")
    owner = WhoSerializer()
    risk_class = serializers.CharField(help_text="A to E, empty without a class.")
    overdue = serializers.DecimalField(**AMOUNT, allow_null=True)
    account = serializers.SerializerMethodField()

    class Meta:
        model = Customer
        fields: tuple[str, ...] = (
            "id",
            "code",
            "name",
            "segment",
            "owner",
            "payment_days",
            "status",
            "status_reason",
            "risk_class",
            "vip",
            "overdue",
            "account",
        )

    @extend_schema_field(AccountSerializer(allow_null=True))
    def get_account(self, customer: Any) -> Any:
        """The account, for those who may see it."""
        account = getattr(customer, "account", None)
        sees = self.context["request"].user.has_perm("credit.view_creditaccount")
        return AccountSerializer(account).data if account and sees else None


class BandSerializer(serializers.Serializer):
    """What is open by days overdue; `share` is of all that is open, in percent."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    amount = serializers.DecimalField(**AMOUNT)
    share = serializers.DecimalField(max_digits=6, decimal_places=2)
    count = serializers.IntegerField()


class GroupSerializer(serializers.Serializer):
    """An account of a group with what it and all below it use, null without a rate."""

    customer = PartySerializer(source="account.customer")
    currency = serializers.CharField(source="account.currency")
    depth = serializers.IntegerField()
    limit = LimitSerializer()
    used = serializers.DecimalField(**AMOUNT, source="account.used")
    whole = serializers.DecimalField(**AMOUNT, allow_null=True)
    headroom = serializers.DecimalField(**AMOUNT, allow_null=True)


class MembersSerializer(serializers.Serializer):
    """The whole group that a customer belongs to, each right under its parent."""

    results = GroupSerializer(many=True)


class CandidateSerializer(serializers.Serializer):
    """A policy whose scope covers the customer, and why it governs or does not."""

    id = serializers.IntegerField(source="policy.pk")
    name = serializers.SerializerMethodField()
    version = serializers.IntegerField(source="version.number", default=None, allow_null=True)
    governs = serializers.BooleanField()
    why = serializers.CharField()

    def get_name(self, candidate: Any) -> str:
        """The name of the policy."""
        return str(candidate.policy)


class FactorSerializer(serializers.Serializer):
    """One factor of a score, in words."""

    name = serializers.CharField()
    observed = serializers.CharField(allow_blank=True)
    points = serializers.IntegerField()
    weight = serializers.IntegerField()
    contribution = serializers.DecimalField(max_digits=8, decimal_places=2)
    sentence = serializers.CharField()


class ScoreSerializer(serializers.Serializer):
    """The latest score and the limit that it recommends; `deviation` of the limit in percent."""

    at = serializers.DateTimeField(source="score.at")
    points = serializers.DecimalField(max_digits=5, decimal_places=2, source="score.points")
    risk_class = serializers.CharField(source="score.risk_class")
    recommended_limit = serializers.DecimalField(
        **AMOUNT, source="score.recommended_limit", allow_null=True
    )
    currency = serializers.CharField(source="score.currency")
    deviation = serializers.DecimalField(max_digits=14, decimal_places=2)
    scorecard = serializers.IntegerField(source="score.scorecard_id")
    factors = FactorSerializer(many=True, source="lines")
    basis = serializers.ListField(child=serializers.CharField())
    lacking = serializers.CharField(allow_blank=True)


class CustomerSerializer(CustomerSummarySerializer):
    """One customer with the credit at a glance; what concerns it is null for who may not see it.

    `headroom` says whose limit leaves least, in words; `groups` are those above, the parent first.
    """

    industry = serializers.CharField(source="industry.code", default=None, allow_null=True)
    ageing = BandSerializer(many=True, allow_null=True)
    behaviour = BehaviourSerializer(allow_null=True)
    headroom = serializers.CharField(allow_blank=True)
    groups = GroupSerializer(many=True)
    score = ScoreSerializer(allow_null=True)
    policies = CandidateSerializer(many=True, allow_null=True)

    class Meta(CustomerSummarySerializer.Meta):
        fields = (
            *CustomerSummarySerializer.Meta.fields,
            "email",
            "phone",
            "ship_to_name",
            "ship_to_address",
            "country",
            "founded_on",
            "annual_revenue",
            "employees",
            "external_rating",
            "industry",
            "created_at",
            "ageing",
            "behaviour",
            "headroom",
            "groups",
            "score",
            "policies",
        )


class DatedLimitSerializer(serializers.ModelSerializer):
    """One limit of an account, from a day on; `request` is the approval request it came of."""

    reason = serializers.CharField(source="words")
    granted_by = WhoSerializer(allow_null=True)
    requested_by = WhoSerializer(allow_null=True)
    ended_by = WhoSerializer(allow_null=True)
    request = serializers.IntegerField(source="request_id", allow_null=True)
    customer = PartySerializer(source="account.customer")
    currency = serializers.CharField(source="account.currency")

    class Meta:
        model = CreditLimit
        fields = (
            "id",
            "customer",
            "currency",
            "type",
            "kind",
            "amount",
            "security",
            "covered_percent",
            "valid_from",
            "valid_until",
            "reference",
            "reason",
            "granted_at",
            "granted_by",
            "requested_by",
            "request",
            "ended_at",
            "ended_by",
            "end_reason",
        )


class LedgerEntrySerializer(serializers.ModelSerializer):
    """An amount that moved from one bucket to another; an empty bucket is outside."""

    by = WhoSerializer(allow_null=True)
    order = serializers.IntegerField(source="order_id", allow_null=True)
    invoice = serializers.IntegerField(source="invoice_id", allow_null=True)

    class Meta:
        model = LedgerEntry
        fields = (
            "id",
            "at",
            "recorded_at",
            "movement",
            "from_bucket",
            "to_bucket",
            "amount",
            "order",
            "invoice",
            "document",
            "by",
        )
