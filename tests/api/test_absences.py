from datetime import timedelta

import pytest
from django.utils import timezone

from staff.absence.models import Absence
from staff.days import company_day
from tests.factories import notices
from tests.factories.api import Caller
from tests.factories.staff import absence, person

pytestmark = pytest.mark.django_db


def days():
    today = company_day(timezone.now())
    return {"first_day": f"{today}", "last_day": f"{today + timedelta(days=5)}"}


def test_absence_of_somebody_is_entered_and_ended_by_administrators():
    user, administrator = person("sales"), Caller(user=person("administrator"))
    made = administrator.post("absences/", days() | {"person": user.pk})
    assert (made.status_code, made.json()["user"]["id"]) == (201, user.pk), made.json()
    assert administrator.get("absences/").json()["results"] == []
    listed = administrator.get("absences/", whose="all").json()["results"]
    assert [one["id"] for one in listed] == [made.json()["id"]]
    ended = administrator.post(f"absences/{made.json()['id']}/end/")
    assert ended.json()["ended_at"]


def test_absence_with_a_substitute_who_is_not_here_is_refused():
    refused = Caller(user=person("sales")).post("absences/", days() | {"substitute": 2**40})
    assert (refused.status_code, [*refused.json()["errors"]]) == (422, ["substitute"])


def test_absence_of_others_is_left_alone_by_everybody_else():
    user, auditor = person("sales"), Caller(user=person("auditor"))
    away, other = absence(user), Caller(user=person("finance"))
    for caller in (auditor, other):
        assert caller.post("absences/", days() | {"person": user.pk}).status_code == 403
    assert auditor.post(f"absences/{away.pk}/end/").status_code == 403
    assert other.post(f"absences/{away.pk}/end/").status_code == 404
    assert other.get("absences/", whose="all").json()["results"] == []
    assert Absence.objects.get().ended_at is None


def test_mails_that_failed_are_sent_again_by_administrators(settings):
    settings.NOTICES_BY_MAIL = True
    failed, waiting = (notices.posted(person(email="a@example.com")) for _mail in range(2))
    failed.state, failed.next_at = "failed", None
    failed.save()
    administrator = Caller(user=person("administrator"))
    listed = administrator.get("mail-deliveries/", state="failed").json()["results"]
    assert [one["id"] for one in listed] == [failed.pk]
    body = {"deliveries": [failed.pk, waiting.pk]}
    again = administrator.post("mail-deliveries/send-again/", body)
    assert again.json() == {"deliveries": 1}
    auditor = Caller(user=person("auditor"))
    assert auditor.get("mail-deliveries/").status_code == 200
    assert auditor.post("mail-deliveries/send-again/", body).status_code == 403
