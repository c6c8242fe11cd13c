"""The addresses that the order form offers for a customer."""

from dataclasses import dataclass

from credit.models import Customer


@dataclass(frozen=True)
class Offered:
    """A ship-to address that can be chosen instead of typed."""

    key: str
    name: str
    phone: str
    address: str

    @property
    def fields(self) -> dict[str, str]:
        """The address as the fields of the form."""
        return {
            "ship_to_name": self.name,
            "ship_to_phone": self.phone,
            "ship_to_address": self.address,
        }

    def __str__(self) -> str:
        return " · ".join(part for part in (self.address, self.name, self.phone) if part)


def offered(customer: Customer) -> list[Offered]:
    """The addresses of the customer's book, the default first, and that of their own record."""
    book = [
        Offered(str(one.pk), one.name, one.phone, one.address)
        for one in customer.addresses.in_use()
    ]
    own = Offered("own", customer.ship_to_name, customer.phone, customer.ship_to_address)
    first_is_default = bool(book) and customer.addresses.filter(default=True).exists()
    return [*book, own] if first_is_default else [own, *book]


def chosen(customer: Customer, key: str) -> dict[str, str]:
    """The fields of the chosen address; none where nothing was chosen."""
    return next((one.fields for one in offered(customer) if one.key == key), {})
