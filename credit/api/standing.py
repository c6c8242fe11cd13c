"""How a customer stands and pays, as the API tells it beside a customer or an order."""

from typing import Any

from rest_framework import serializers

AMOUNT = {"max_digits": 18, "decimal_places": 2}


class OverdueSerializer(serializers.Serializer):
    """What is overdue: how much, by how many days at most, on how many invoices."""

    amount = serializers.DecimalField(**AMOUNT)
    days = serializers.IntegerField()
    count = serializers.IntegerField()


class BehaviourSerializer(serializers.Serializer):
    """How invoices of the last year were paid: days late on average, share on time in percent."""

    days_late = serializers.DecimalField(max_digits=8, decimal_places=1)
    on_time = serializers.DecimalField(max_digits=5, decimal_places=1)
    count = serializers.IntegerField()
    largest_delay = serializers.IntegerField()


class LimitSerializer(serializers.Serializer):
    """What an account may use: the parts that count today, taken together.

    `amount` is null where the account has no limit of its own to reach. `missing_rate` names the
    currency whose rate is not known, so that a segment's limit counts as nothing.
    """

    kind = serializers.CharField()
    amount = serializers.DecimalField(**AMOUNT, allow_null=True)
    base = serializers.DecimalField(**AMOUNT)
    temporary = serializers.DecimalField(**AMOUNT)
    secured = serializers.DecimalField(**AMOUNT)
    inherited = serializers.BooleanField(help_text="Whether it is the limit of the segment.")
    expired_on = serializers.DateField(allow_null=True)
    missing_rate = serializers.CharField(allow_blank=True)


class AccountSerializer(serializers.Serializer):
    """A credit account: what may be used, what is, and in which buckets; in `currency`.

    `used` is reserved, delivered and receivable together; `headroom` is the limit less that,
    negative when over, null without a limit of its own.
    """

    id = serializers.IntegerField()
    currency = serializers.CharField()
    limit = LimitSerializer(source="effective_limit")
    used = serializers.DecimalField(**AMOUNT)
    headroom = serializers.DecimalField(**AMOUNT, source="available", allow_null=True)
    reserved = serializers.DecimalField(**AMOUNT)
    delivered = serializers.DecimalField(**AMOUNT)
    receivable = serializers.DecimalField(**AMOUNT)
    paid = serializers.DecimalField(**AMOUNT)
    group = serializers.SerializerMethodField()
    review_on = serializers.DateField(allow_null=True)

    def get_group(self, account: Any) -> int | None:
        """The id of the customer above it in its group."""
        return account.parent.customer_id if account.parent_id else None
