import pytest

from staff.api.scopes import Scope
from staff.hours.models import SpecialDay
from tests.factories.api import Caller, caller
from tests.factories.staff import person, special_day

pytestmark = pytest.mark.django_db
MORNING = [{"begins": "09:00", "ends": "12:00"}]


@pytest.fixture
def administrator():
    return Caller(user=person("administrator"))


def test_week_is_read_and_set(administrator):
    assert len(administrator.get("business-hours/").json()["week"]) == 7
    body = {"week": [{"weekday": 5, "hours": [*MORNING, {"begins": "18:00", "ends": "24:00"}]}]}
    week = administrator.put("business-hours/week/", body).json()["week"]
    assert week[5] == body["week"][0]
    assert [one["hours"] for one in week[:5]] == [[]] * 5


@pytest.mark.parametrize(
    ("week", "code"),
    [
        ([], "hours_refused"),
        ([{"weekday": 1, "hours": [{"begins": "12:00", "ends": "09:00"}]}], "hours_refused"),
        ([{"weekday": 1, "hours": [{"begins": "noon", "ends": "13:00"}]}], "invalid"),
        ([{"weekday": 1, "hours": MORNING}] * 2, "invalid"),
    ],
)
def test_week_that_cannot_be_is_refused(administrator, week, code):
    refused = administrator.put("business-hours/week/", {"week": week})
    assert (refused.status_code, refused.json()["code"]) == (422, code)


def test_special_day_is_added_changed_and_removed(administrator):
    body = {"day": "2026-10-01", "name_en": "National Day"}
    made = administrator.post("special-days/", body)
    assert (made.status_code, made.json()["kind"], made.json()["hours"]) == (201, "holiday", [])
    path = f"special-days/{made.json()['id']}/"
    work = body | {"kind": "workday", "hours": MORNING}
    assert administrator.put(path, work).json()["hours"] == MORNING
    assert administrator.post("special-days/", body).json()["code"] == "hours_refused"
    found = administrator.get("special-days/", year="2026").json()["results"]
    assert made.json()["id"] in [one["id"] for one in found]
    assert administrator.post(f"{path}remove/").json()["day"] == "2026-10-01"
    assert administrator.get(path).status_code == 404


def test_hours_are_changed_by_nobody_else():
    day, auditor = special_day(), Caller(user=person("auditor"))
    assert auditor.get("business-hours/").status_code == 200
    assert auditor.post(f"special-days/{day.pk}/remove/").status_code == 403
    assert caller(*Scope.values).put("business-hours/week/", {"week": []}).status_code == 403
    assert SpecialDay.objects.filter(pk=day.pk).exists()
