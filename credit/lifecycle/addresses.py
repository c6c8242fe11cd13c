"""Keeping the ship-to addresses of a customer."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from credit import policies
from credit.enums import CreditAction
from credit.errors import CreditError
from credit.models import Address, Customer
from journal.record import record
from staff.models import User
from staff.sentences import sentence as _

# More than anybody can choose from.
MOST = 200


@dataclass(frozen=True)
class Place:
    """What an address says."""

    address: str
    name: str = ""
    phone: str = ""

    def stripped(self) -> "Place":
        return Place(self.address.strip(), self.name.strip(), self.phone.strip())


@transaction.atomic
def add_address(
    *, customer_id: int, place: Place, by: User, at: datetime, default: bool = False
) -> Address:
    """Put an address into the customer's book.

    Raises Customer.DoesNotExist, PermissionDenied, or CreditError for an empty address, one that is
    in the book already, and when the book is full.
    """
    customer = _lock(customer_id, by)
    place = place.stripped()
    _guard_new(customer, place)
    if customer.addresses.in_use().count() >= MOST:
        raise CreditError(
            _("The customer has %(most)d addresses already. Remove one that is not used any more.")
            % {"most": MOST}
        )
    made = Address(customer=customer, added_by=by, added_at=at, default=default)
    _say(made, place)
    if default:
        customer.addresses.filter(default=True).update(default=False)
    made.save(force_insert=True)
    _tell(CreditAction.ADDRESS_ADDED, made, by, at, after=str(made))
    return made


@transaction.atomic
def change_address(*, address_id: int, place: Place, by: User, at: datetime) -> Address:
    """Correct an address. Orders that were sent there keep what it said. Raises as `add_address`
    does, or CreditError for an address that was removed.
    """
    address = _locked(address_id, by)
    place, before = place.stripped(), str(address)
    _guard_new(address.customer, place, address_id)
    _say(address, place)
    address.save(update_fields=["name", "phone", "address"])
    _tell(CreditAction.ADDRESS_CHANGED, address, by, at, before=before, after=str(address))
    return address


@transaction.atomic
def make_default(*, address_id: int, by: User, at: datetime) -> Address:
    """Offer this address first from now on. Raises PermissionDenied, or CreditError for an address
    that was removed.
    """
    address = _locked(address_id, by)
    address.customer.addresses.filter(default=True).update(default=False)
    address.default = True
    address.save(update_fields=["default"])
    _tell(CreditAction.ADDRESS_DEFAULT, address, by, at, after=str(address))
    return address


@transaction.atomic
def remove_address(*, address_id: int, by: User, at: datetime) -> Address:
    """Offer this address no more. Raises PermissionDenied, or CreditError for an address that was
    removed already.
    """
    address = _locked(address_id, by)
    address.default, address.removed_at = False, at
    address.save(update_fields=["default", "removed_at"])
    _tell(CreditAction.ADDRESS_REMOVED, address, by, at, before=str(address))
    return address


def _lock(customer_id: int, by: User) -> Customer:
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
    if not policies.can_keep_addresses(by, customer):
        raise PermissionDenied(_("You may not change the addresses of this customer."))
    return customer


def _locked(address_id: int, by: User) -> Address:
    """The address, with its customer locked first."""
    customer_id = Address.objects.values_list("customer_id", flat=True).get(pk=address_id)
    customer = _lock(customer_id, by)
    address = Address.objects.get(pk=address_id)
    if address.removed_at:
        raise CreditError(_("This address was removed from the book meanwhile."))
    address.customer = customer
    return address


def _guard_new(customer: Customer, place: Place, but: int | None = None) -> None:
    if not place.address:
        raise CreditError(_("Write the address."))
    same = customer.addresses.in_use().filter(
        name=place.name, phone=place.phone, address=place.address
    )
    if (same if but is None else same.exclude(pk=but)).exists():
        raise CreditError(_("This address is in the book already."))


def _say(address: Address, place: Place) -> None:
    address.name, address.phone, address.address = place.name, place.phone, place.address


def _tell(action: CreditAction, address: Address, by: User, at: datetime, **data: str) -> None:
    figures = {"address": address.pk, **data}
    record(action=action, subject=address.customer, by=by, at=at, data=figures)
