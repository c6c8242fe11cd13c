from datetime import date
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import F, Prefetch, Q, Sum
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from staff.models import User


class CustomerQuerySet(models.QuerySet[Any]):
    def for_user(self, user: "User") -> "CustomerQuerySet":
        """The customers this user may see: all of them, or those they look after."""
        if user.has_perm("credit.view_all_customers"):
            return self
        return self.filter(owner=user)

    def search(self, words: str) -> "CustomerQuerySet":
        """Customers whose code or name contains `words`, whatever the case."""
        return self.filter(Q(code__icontains=words) | Q(name__icontains=words))


class CreditAccountQuerySet(models.QuerySet[Any]):
    def locked(self) -> "CreditAccountQuerySet":
        """Lock the account rows in id order. New orders, which refer to them, need not wait."""
        return self.select_for_update(no_key=True).order_by("pk")

    def with_limits(self, day: date) -> "CreditAccountQuerySet":
        """With what `effective_limit` needs to say what the accounts may use on `day`."""
        limits = apps.get_model("credit.CreditLimit").objects.valid_on(day)
        return self.select_related("customer__segment").prefetch_related(
            Prefetch("limits", queryset=limits, to_attr="valid_limits")
        )

    def differing_from_ledger(self) -> "CreditAccountQuerySet":
        """Accounts whose balances are not the sums of their ledger entries. Should be none."""
        sums: dict[str, Any] = {}
        for bucket in ("reserved", "delivered", "receivable", "paid"):
            came = Sum("entries__amount", filter=Q(entries__to_bucket=bucket))
            went = Sum("entries__amount", filter=Q(entries__from_bucket=bucket))
            zero = models.Value(
                0, output_field=models.DecimalField(max_digits=18, decimal_places=2)
            )
            sums[f"ledger_{bucket}"] = Coalesce(came, zero) - Coalesce(went, zero)
        wrong = Q()
        for bucket in ("reserved", "delivered", "receivable", "paid"):
            wrong |= ~Q(**{bucket: F(f"ledger_{bucket}")})
        return self.annotate(**sums).filter(wrong)
