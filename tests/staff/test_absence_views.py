import pytest
from django.utils import timezone, translation

from staff.absence.enums import AbsenceState
from staff.absence.models import Absence
from staff.days import company_day
from tests.factories.moments import DAY
from tests.factories.staff import absence, person

pytestmark = pytest.mark.django_db
SET, ADMIN = "/profile/absences/", "/admin/staff/absence/"


@pytest.fixture
def pair():
    return person("approver_1", full_name="Ann"), person("approver_2", full_name="李威")


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def today():
    return company_day(timezone.now())


def sent(substitute="", first=0, last=3, note="Trip"):
    days = {"first_day": today() + first * DAY, "last_day": today() + last * DAY}
    return days | {"substitute": substitute, "note": note}


@pytest.mark.parametrize("written", ["李威 ({})", "{}", "李威", "Li Wei({})"])
def test_profile_takes_ones_own_absence(as_, pair, written):
    a, b = pair
    client = as_(a)
    response = client.post(SET, sent(written.format(b.username)))
    assert (response.status_code, response.url) == (302, "/profile/")
    made = Absence.objects.get()
    assert (made.user, made.substitute, made.first_day, made.note) == (a, b, today(), "Trip")
    page = client.get("/profile/").content.decode()
    assert "away now" in page
    assert "End now" in page


def test_profile_suggests_who_can_stand_in_at_fixed_cost(as_, pair, django_assert_max_num_queries):
    a, b = pair
    seller = person("sales")
    for _ in range(20):
        person("approver_1")
    client = as_(a)
    with django_assert_max_num_queries(17):
        page = client.get("/profile/").content.decode()
    assert f'<option value="李威 ({b.username})">' in page
    assert f"({seller.username})" not in page


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"substitute": "nobody"}, "substitute"),
        ({"substitute": "me"}, "substitute"),
        ({"substitute": "seller"}, "substitute"),
        ({"last": -1}, "last_day"),
        ({"first": -2}, "first_day"),
        ({"note": "x" * 201}, "note"),
    ],
)
def test_profile_says_what_is_wrong_and_keeps_what_was_typed(as_, pair, values, field):
    a, _b = pair
    a.username = "me"
    a.save()
    person("sales", username="seller")
    page = as_(a).post(SET, sent(**values))
    assert (page.status_code, [*page.context["absence_form"].errors]) == (422, [field])
    assert f'value="{today() + values.get("first", 0) * DAY}"' in page.content.decode()
    assert not Absence.objects.exists()


def test_absence_form_without_days_asks_for_them(as_, pair):
    page = as_(pair[0]).post(SET, {"first_day": "", "last_day": "soon"})
    assert [*page.context["absence_form"].errors] == ["first_day", "last_day"]


def test_profile_ends_ones_own_absences_only(as_, pair):
    a, b = pair
    mine, other = absence(a, b, 2, 4, at=timezone.now()), absence(b, at=timezone.now())
    client = as_(a)
    assert client.post(f"{SET}{other.pk}/end/").status_code == 403
    assert client.post(f"{SET}999999/end/").status_code == 404
    assert client.post(f"{SET}{mine.pk}/end/").url == "/profile/"
    mine.refresh_from_db()
    assert mine.state_on(today()) == AbsenceState.ENDED
    again = client.post(f"{SET}{mine.pk}/end/", follow=True)
    assert "over already" in again.content.decode()


def test_home_tells_the_substitute(as_, pair):
    a, b = pair
    made = absence(a, b, 0, 3, at=timezone.now())
    with translation.override("en"):
        day = made.last_day.strftime("%-d %b %Y")
    assert f"You stand in for Ann until {day}." in as_(b).get("/").content.decode()
    assert "You stand in" not in as_(a).get("/").content.decode()


def test_administrator_enters_and_ends_absences_of_anybody(as_, pair):
    a, b = pair
    client = as_(person("administrator"))
    values = sent() | {"user": a.pk, "substitute": b.pk}
    assert client.post(f"{ADMIN}add/", values).status_code == 302
    made = Absence.objects.get()
    assert (made.user, made.made_by.username) == (a, made.made_by.username)
    assert client.get(f"{ADMIN}{made.pk}/change/").status_code == 200
    assert client.post(f"{ADMIN}{made.pk}/change/", values).status_code == 403
    client.post(ADMIN, {"action": "end_absences", "_selected_action": [made.pk]})
    made.refresh_from_db()
    assert made.ended_at is not None


def test_admin_says_why_an_absence_is_not_taken(as_, pair):
    a, b = pair
    absence(b, a, 0, 9, at=timezone.now())
    client = as_(person("administrator"))
    page = client.post(f"{ADMIN}add/", sent() | {"user": a.pk, "substitute": b.pk})
    assert "in a circle" in page.content.decode()
    page = client.post(f"{ADMIN}add/", sent(last=-1) | {"user": a.pk, "substitute": ""})
    assert "before the first" in page.content.decode()
    assert Absence.objects.count() == 1


def test_auditor_sees_absences_and_ends_none(as_, pair):
    made = absence(*pair, at=timezone.now())
    client = as_(person("auditor"))
    for when, count in (("now", 1), ("later", 0), ("past", 0)):
        assert client.get(ADMIN, {"when": when}).context["cl"].result_count == count
    client.post(ADMIN, {"action": "end_absences", "_selected_action": [made.pk]})
    made.refresh_from_db()
    assert made.ended_at is None
    assert client.post(f"{ADMIN}add/", sent() | {"user": made.user_id}).status_code == 403
