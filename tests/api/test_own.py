import pytest

from staff.api.scopes import Scope
from tests.factories import notices, orders
from tests.factories.api import Caller, caller
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


def test_caller_learns_who_they_are_and_what_they_may():
    told = caller(Scope.TICKETS).get("me/").json()
    assert "exceptions.work_ticket" in told["permissions"]
    user = person("sales")
    me = Caller(user=user)
    assert me.get("me/").json()["id"] == user.pk
    changed = me.send("patch", "me/profile/", {"language": "zh-hans"})
    assert (changed.status_code, changed.json()["language"]) == (200, "zh-hans")
    assert me.send("patch", "me/profile/", {"language": "tlh"}).status_code == 422


def test_profile_is_changed_by_its_owner():
    user = person("sales")
    me, values = Caller(user=user), {"name": "Chen Wei", "time_zone": "Asia/Shanghai"}
    changed = me.send("patch", "me/profile/", values).json()
    assert (changed["name"], changed["time_zone"], changed["roles"]) == (
        "Chen Wei",
        "Asia/Shanghai",
        ["sales"],
    )
    user.refresh_from_db()
    assert (user.full_name, user.email) == ("Chen Wei", changed["email"])
    refused = me.send("patch", "me/profile/", {"time_zone": "Mars/Olympus"})
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["time_zone"])


def test_key_keeps_its_name():
    system = caller(Scope.READ)
    refused = system.send("patch", "me/profile/", {"name": "Chen Wei"})
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert system.get("me/").json()["name"] != "Chen Wei"


def test_mail_is_chosen_by_kind():
    me, other = Caller(user=person("sales")), Caller(user=person("sales"))
    offered = [kind["code"] for kind in me.get("me/mail/").json()["kinds"]]
    chosen = me.put("me/mail/", {"wanted": offered[:1]}).json()["kinds"]
    assert [kind["code"] for kind in chosen if kind["wanted"]] == offered[:1]
    assert all(kind["wanted"] for kind in other.get("me/mail/").json()["kinds"])
    assert me.put("me/mail/", {"wanted": ["nonsense"]}).json()["errors"].keys() == {"wanted"}
    decides = Caller(user=person("approver_1")).get("me/mail/").json()["kinds"]
    assert "approval.asked" in {kind["code"] for kind in decides} - set(offered)


def test_notices_are_read_by_whom_they_are_told():
    user = person("sales")
    notice, me = notices.tell(user)[0], Caller(user=user)
    [row] = me.get("notices/").json()["results"]
    assert (row["id"], bool(row["subject"]), row["read_at"]) == (notice.pk, True, None)
    other = Caller(user=person("sales"))
    assert other.post(f"notices/{notice.pk}/read/").status_code == 404
    assert me.post(f"notices/{notice.pk}/read/").json()["read_at"]
    assert me.get("notices/").json()["results"] == []
    assert len(me.get("notices/", view="all").json()["results"]) == 1
    assert me.post("notices/read/").json() == {"read": 0}


def test_absence_is_entered_and_ended_by_whoever_is_away():
    me, colleague = Caller(user=person("sales")), person("sales")
    today = me.get("absences/")
    assert today.json()["results"] == []
    body = {"first_day": "2199-01-01", "last_day": "2199-01-02", "substitute": colleague.pk}
    far = me.post("absences/", body)
    assert (far.status_code, far.json()["code"]) == (422, "absence_refused")
    assert me.post("absences/", body | {"last_day": "soon"}).status_code == 422


def test_absence_of_others_is_not_there(time_machine):
    time_machine.move_to("2026-03-02T09:00Z", tick=False)
    me, other = Caller(user=person("sales")), Caller(user=person("sales"))
    body = {"first_day": "2026-03-03", "last_day": "2026-03-05"}
    made = me.post("absences/", body)
    assert (made.status_code, made.json()["state"]) == (201, "planned")
    path = f"absences/{made.json()['id']}/end/"
    assert other.post(path).status_code == 404
    assert me.post(path).json()["state"] == "ended"
    assert me.post(path).json()["code"] == "absence_refused"


def test_journal_is_read_by_auditors():
    order, auditor = orders.failed(), Caller(user=person("auditor"))
    rows = auditor.get("journal/", order=order.pk).json()["results"]
    assert rows[-1]["action"] == "order.created"
    one = auditor.get(f"journal/{rows[0]['id']}/").json()
    assert (one["subject_id"] > 0, one["order"]) == (True, order.pk)
    assert Caller(user=person("sales")).get("journal/").status_code == 403


def test_departments_are_listed():
    found = Caller(user=person("sales")).get("departments/").json()["results"]
    assert "warehouse" in [one["code"] for one in found]
