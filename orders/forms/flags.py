"""Raising, lifting and finding product flags."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.forms import capitalised
from orders.amounts import LONGEST_LOT
from orders.catalogue import OFFERED, several
from orders.enums import FlagKind
from orders.forms.filters import words_field
from orders.models import Product
from orders.models.risk import ProductFlagQuerySet

LONGEST_TEXT = 2_000


class FlagFilter(forms.Form):
    """Filters of the list of flags."""

    q = words_field(gettext_lazy("Product, category, lot or evidence"))
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of risk"),
        required=False,
        choices=[("", gettext_lazy("All")), *capitalised(FlagKind)],
    )

    @property
    def narrowed(self) -> bool:
        """Whether a filter is in force."""
        return any(self.data.get(name) for name in self.fields)

    def narrow(self, flags: ProductFlagQuerySet) -> ProductFlagQuerySet:
        """The flags that pass every filter; none when a filter was not understood."""
        if not self.is_valid():
            return flags.none()
        chosen = self.cleaned_data
        flags = flags.search(chosen["q"]) if chosen["q"] else flags
        return flags.filter(kind=chosen["kind"]) if chosen["kind"] else flags


class RaiseForm(forms.Form):
    """What is wrong, with what, and how we know."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of risk"), choices=capitalised(FlagKind), widget=forms.RadioSelect
    )
    product = forms.CharField(
        label=gettext_lazy("Product"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("SKU, or part of the name."),
    )
    lot = forms.CharField(
        label=gettext_lazy("Lot"),
        required=False,
        max_length=LONGEST_LOT,
        help_text=gettext_lazy("Leave empty if every lot of the product is concerned."),
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Or a whole category"),
        required=False,
        help_text=gettext_lazy("Every product in it is flagged, also those added later."),
    )
    evidence = forms.CharField(
        label=gettext_lazy("Evidence"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Numbers of complaints or certificates, a letter: whoever decides about an order "
            "will read it."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = Product.objects.exclude(category="").order_by("category")
        categories = names.values_list("category", flat=True).distinct()
        choices = [("", _("No category")), *((name, name) for name in categories)]
        self.fields["category"].choices = choices  # type: ignore[attr-defined]

    def clean_product(self) -> Product | None:
        text = self.cleaned_data["product"]
        if not text:
            return None
        exact = Product.objects.filter(sku__iexact=text).first()
        found = [exact] if exact else list(Product.objects.search(text).order_by("sku")[:OFFERED])
        if not found:
            raise ValidationError(_("No product has this SKU, or a name like this."))
        if len(found) > 1:
            raise ValidationError(several(found))
        return found[0]

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        product, category = chosen.get("product"), chosen.get("category")
        if "product" in self.errors or "category" in self.errors:
            return chosen
        if not product and not category:
            self.add_error("product", _("Choose a product or a category."))
        elif product and category:
            self.add_error("category", _("Choose either a product or a category, not both."))
        elif chosen.get("lot") and not product:
            self.add_error("lot", _("A lot belongs to a product: choose the product too."))
        return chosen

    def goods(self) -> dict[str, Any]:
        """What the verb takes; only for a valid form."""
        product = self.cleaned_data["product"]
        names = ("kind", "evidence", "category", "lot")
        return {"product_id": product.pk if product else None} | {
            name: self.cleaned_data[name] for name in names
        }


class LiftForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Why it can be lifted"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It is kept with the flag."),
    )
