import pytest

from exceptions.detect.models import AlertRuleVersion
from rules.models import Word
from staff.api.scopes import Scope
from tests.factories import tickets
from tests.factories.api import Caller, caller
from tests.factories.moments import NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return Caller(user=person("administrator"))


def path():
    return f"rules/{tickets.rule().pk}/"


def test_rule_shows_its_thresholds_in_words(administrator):
    told = administrator.get(path()).json()
    assert (told["code"], told["version"], told["state"]) == ("paid_unshipped_24h", 1, "live")
    assert told["parameters"][0]["value"]
    assert [version["number"] for version in told["versions"]] == [1]
    codes = [rule["code"] for rule in administrator.get("rules/").json()["results"]]
    assert codes == sorted(codes)


def test_rule_is_tried_and_published_with_other_thresholds(administrator, time_machine):
    time_machine.move_to(NOW, tick=False)
    tickets.paid(hours=30)
    told = administrator.get(path()).json()
    spot = next(one for one in told["parameters"] if one["kind"] == "duration")
    longer = [{"path": spot["path"], "value": spot["value"] | {"amount": "48"}}]
    counts = [
        administrator.post(f"{path()}evaluate/", {"values": values}, once="").json()["count"]
        for values in ([], longer)
    ]
    assert counts == [1, 0]
    body = {"values": longer, "note": "stocktaking", "version": 1}
    made = administrator.post(f"{path()}versions/", body)
    assert (made.status_code, made.json()["version"]) == (201, 2)
    assert made.json()["versions"][0]["changes"][0]["label"] == "Condition"
    stale = administrator.post(f"{path()}versions/", body)
    assert (stale.status_code, stale.json()["code"]) == (409, "rule_refused")


@pytest.mark.parametrize("value", [{"amount": "much", "unit": "hours"}, None, [], {"a": {}}])
def test_threshold_that_makes_no_sense_is_refused(administrator, value):
    told = administrator.get(path()).json()
    for where in (told["parameters"][0]["path"], "nowhere"):
        body = {"values": [{"path": where, "value": value}], "note": "x", "version": 1}
        assert administrator.post(f"{path()}versions/", body).status_code == 422
    assert AlertRuleVersion.objects.filter(rule=tickets.rule()).count() == 1


def test_rule_is_switched_off(administrator):
    off = {"on": False, "reason": "stocktaking"}
    assert administrator.post(f"{path()}switch/", off).json()["state"] == "off"
    assert administrator.post(f"{path()}switch/", off).status_code == 409


def test_rules_are_changed_by_few():
    off = {"on": False, "reason": "stocktaking"}
    for other in (Caller(user=person("warehouse")), caller(*Scope.values)):
        assert other.get(path()).status_code == 200
        assert other.post(f"{path()}switch/", off).status_code == 403
    assert tickets.rule().is_live


def test_words_are_added_found_and_removed():
    warehouse, word = Caller(user=person("warehouse")), Word.objects.first()
    words = f"word-lists/{word.word_list_id}/words/"
    added = warehouse.post(words, {"words": ["Zebra Road", word.text]})
    assert (added.status_code, added.json()["known"]) == (201, 1)
    [found] = warehouse.get(words, q="zebra").json()["results"]
    assert found["text"] == "Zebra Road"
    assert warehouse.send("delete", f"words/{found['id']}/").status_code == 200
    assert warehouse.send("delete", f"words/{found['id']}/").status_code == 404
    assert warehouse.post(words, {"words": ["   "]}).status_code == 422
    assert Caller(user=person("auditor")).post(words, {"words": ["x"]}).status_code == 403
