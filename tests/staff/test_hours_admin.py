from datetime import date

import pytest

from journal.models import Entry
from staff.hours.intervals import parse
from staff.hours.loading import weekly
from staff.hours.models import SpecialDay, WorkInterval
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
WEEK, DAYS = "/admin/staff/workinterval/", "/admin/staff/specialday/"


@pytest.fixture
def admin(client):
    client.force_login(person("administrator"), "django.contrib.auth.backends.ModelBackend")
    return client


def week(**days):
    sent = {f"day_{n}": "9–12" if n < 5 else "" for n in range(7)}
    return sent | days


def day(**values):
    names = {"name_en": "National Day", "name_zh_hans": "国庆节", "name_zh_hant": ""}
    return {"day": "2026-10-01", "kind": "holiday", "hours": ""} | names | values


def test_week_is_changed_on_one_page(admin):
    assert 'value="9:00–12:00, 13:00–18:00"' in admin.get(WEEK).content.decode()
    assert admin.post(WEEK, week(day_5="10:00–24:00")).status_code == 302
    assert (weekly()[0], weekly()[5]) == (parse("9–12"), parse("10–24"))


def test_week_says_what_overlaps_beside_the_day_and_keeps_what_was_typed(admin):
    page = admin.post(WEEK, week(day_2="9:00–12:30, 12:00–18:00"))
    assert page.status_code == 422
    assert page.context["form"].errors == {"day_2": ["9:00–12:30 and 12:00–18:00 overlap."]}
    assert 'value="9:00–12:30, 12:00–18:00"' in page.content.decode()
    assert weekly()[0] == parse("9–12, 13–18")


def test_week_without_hours_is_refused(admin):
    page = admin.post(WEEK, dict.fromkeys(week(), ""))
    assert "no business hours" in page.content.decode()
    assert WorkInterval.objects.count() == 10


def test_week_is_read_only_for_others(client):
    client.force_login(person("auditor"), "django.contrib.auth.backends.ModelBackend")
    page = client.get(WEEK).content.decode()
    assert ("disabled" in page, "Save hours" in page) == (True, False)
    assert client.post(WEEK, week()).status_code == 403
    one = WorkInterval.objects.first()
    assert client.post(f"{WEEK}{one.pk}/change/", {"begins": 1, "ends": 2}).status_code == 403


def test_interval_has_no_page_to_change_it_alone(admin):
    one = WorkInterval.objects.first()
    assert admin.post(f"{WEEK}{one.pk}/change/", {"begins": 1, "ends": 2}).status_code == 403


def test_special_day_is_added_changed_and_removed(admin):
    admin.post(f"{DAYS}add/", day())
    made = SpecialDay.objects.get()
    assert (made.day, made.hours, made.name_zh_hans) == (date(2026, 10, 1), (), "国庆节")
    admin.post(f"{DAYS}{made.pk}/change/", day(kind="workday", hours="10-12"))
    assert SpecialDay.objects.get().hours == parse("10–12")
    assert 'value="10:00–12:00"' in admin.get(f"{DAYS}{made.pk}/change/").content.decode()
    admin.post(f"{DAYS}{made.pk}/delete/", {"post": "yes"})
    assert not SpecialDay.objects.exists()
    assert Entry.objects.filter(action="hours.changed").count() == 3


def test_special_days_chosen_in_the_list_are_removed_with_their_entries(admin):
    admin.post(f"{DAYS}add/", day())
    chosen = {"action": "delete_selected", "_selected_action": [SpecialDay.objects.get().pk]}
    assert admin.post(DAYS, chosen | {"post": "yes"}).status_code == 302
    assert not SpecialDay.objects.exists()
    assert Entry.objects.filter(action="hours.changed").count() == 2


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"kind": "workday"}, "Write the hours of this workday"),
        ({"hours": "9–12"}, "A holiday has no hours"),
        ({"kind": "workday", "hours": "9–12, 11–13"}, "9:00–12:00 and 11:00–13:00 overlap"),
        ({"name_en": ""}, "required"),
        ({"day": "yesterday"}, "valid date"),
    ],
)
def test_special_day_says_what_is_wrong(admin, sent, words):
    page = admin.post(f"{DAYS}add/", day(**sent))
    assert (page.status_code, words in page.content.decode()) == (200, True)
    assert not SpecialDay.objects.exists()


def test_special_day_cannot_be_entered_twice(admin):
    admin.post(f"{DAYS}add/", day())
    assert "in the list already" in admin.post(f"{DAYS}add/", day()).content.decode()


def test_special_days_are_listed_by_year_at_the_same_cost(admin, django_assert_max_num_queries):
    for number in range(1, 13):
        admin.post(f"{DAYS}add/", day(day=f"2026-{number:02d}-01", kind="workday", hours="9-10"))
    admin.post(f"{DAYS}add/", day(day="2027-01-01", name_en="Next year"))
    with django_assert_max_num_queries(14):
        page = admin.get(DAYS, {"year": "2026"})
    assert {row.day.year for row in page.context["cl"].result_list} == {2026}
    assert page.context["cl"].result_count == 12
    assert admin.get(DAYS, {"year": "~"}).status_code == 200


def test_special_days_are_shown_but_not_changed_to_others(client):
    client.force_login(person("auditor"), "django.contrib.auth.backends.ModelBackend")
    assert client.get(DAYS).status_code == 200
    assert client.post(f"{DAYS}add/", day()).status_code == 403
