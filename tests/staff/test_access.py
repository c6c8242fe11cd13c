import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured

from staff.access import access_of, needs, public, signed_in
from tests.factories.staff import person


def view(request):
    return None


def fresh_view():
    return lambda request: None


def test_access_of_is_none_for_an_unmarked_view():
    assert access_of(view) is None


def test_mark_refuses_a_second_different_mark():
    with pytest.raises(ImproperlyConfigured):
        signed_in(public(fresh_view()))


def test_mark_accepts_the_same_mark_again():
    assert access_of(public(public(fresh_view()))).anonymous


@pytest.mark.parametrize("names", [(), ("ship_order",)])
def test_needs_refuses_what_is_no_permission(names):
    with pytest.raises(ImproperlyConfigured):
        needs(*names)


@pytest.mark.django_db
def test_allows_anonymous_people_into_public_views_only():
    anonymous = AnonymousUser()
    assert access_of(public(fresh_view())).allows(anonymous)
    assert not access_of(signed_in(fresh_view())).allows(anonymous)
    assert not access_of(needs("orders.ship_order")(fresh_view())).allows(anonymous)


@pytest.mark.django_db
def test_allows_whoever_holds_one_of_the_permissions():
    access = access_of(needs("orders.ship_order", "orders.record_payment")(fresh_view()))
    assert access.allows(person("warehouse"))
    assert access.allows(person("finance"))
    assert not access.allows(person("sales"))
