from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.core.management import CommandError, call_command

from journal.models import Entry
from staff.models import RecoveryCode, SecondStep, User
from staff.second_step import codes, lifecycle, required
from staff.second_step.entering import enter_code
from staff.second_step.errors import SecondStepError
from tests.factories import api
from tests.factories.second_step import app_code, code_of, turned_on
from tests.factories.staff import person, superuser

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 1, 8, 0, 7, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def alice():
    return turned_on(person("sales", username="alice"), at=NOW)[0]


def told(user):
    found = Entry.objects.filter(subject_type="staff.user", subject_id=user.pk).order_by("pk")
    return [entry.action.removeprefix("second_step.") for entry in found]


def enter(user, code, at=LATER):
    return enter_code(code=code, by=user, at=at)


def test_codes_are_those_of_the_specification(monkeypatch):
    monkeypatch.setattr(codes, "_secret", lambda salt: b"12345678901234567890")
    at = datetime.fromtimestamp(1111111109, tz=UTC)
    assert codes.counter_of("", "081804", at=at, after=-1) == 1111111109 // 30


def test_secret_follows_the_secret_key_and_is_not_stored(alice, settings):
    step = SecondStep.objects.get(user=alice)
    key = codes.key(step.salt)
    assert len(key.replace(" ", "")) == 32
    settings.SECRET_KEY = "another"
    assert codes.key(step.salt) != key


def test_recovery_codes_are_stored_as_hashes_alone():
    _user, given = turned_on(person("sales"), at=NOW)
    kept = set(RecoveryCode.objects.values_list("hash", flat=True))
    assert len(given) == len(kept) == 10
    assert not any(code in text for code in given for text in kept)


@pytest.mark.parametrize("typed", ["123 456", "１２３４５６", " 123-456 ", "123–456"])
def test_digits_take_what_people_type(typed):
    assert codes.digits(typed) == "123456"


def test_digits_are_none_of_anything_else():
    assert codes.digits("12345a") == codes.digits("١٢٣٤٥٦") == ""


def test_turn_on_refuses_a_wrong_code_and_changes_nothing():
    user, salt = person("sales"), codes.new_salt()
    wrong = f"{(int(app_code(salt, at=NOW)) + 1) % 10**6:06d}"
    with pytest.raises(SecondStepError):
        lifecycle.turn_on(salt=salt, code=wrong, by=user, at=NOW)
    user.refresh_from_db()
    assert user.second_step_since is None


def test_turn_on_refuses_whoever_has_one(alice):
    salt = codes.new_salt()
    with pytest.raises(SecondStepError):
        lifecycle.turn_on(salt=salt, code=app_code(salt, at=NOW), by=alice, at=NOW)


def test_turn_on_is_not_for_keys():
    key, _text = api.key()
    salt = codes.new_salt()
    with pytest.raises(PermissionDenied):
        lifecycle.turn_on(salt=salt, code=app_code(salt, at=NOW), by=key.user, at=NOW)


def test_enter_code_takes_each_code_once(alice):
    code = code_of(alice, at=LATER)
    assert enter(alice, code)
    assert not enter(alice, code)


def test_enter_code_refuses_the_code_that_turned_it_on(alice):
    assert not enter(alice, code_of(alice, at=NOW), at=NOW)


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_enter_code_bears_a_clock_that_is_one_step_off(alice, steps, taken):
    assert enter(alice, code_of(alice, at=LATER, steps=steps)) is taken


def test_enter_code_refuses_an_older_code_than_the_last(alice):
    assert enter(alice, code_of(alice, at=LATER, steps=1))
    assert not enter(alice, code_of(alice, at=LATER))


def test_enter_code_makes_wait_after_wrong_ones_from_anywhere(alice):
    for _try in range(5):
        assert not enter(alice, "000000" if code_of(alice, at=LATER) != "000000" else "111111")
    with pytest.raises(SecondStepError, match="1 minute"):
        enter(alice, code_of(alice, at=LATER))
    after = LATER + timedelta(minutes=1)
    assert enter(alice, code_of(alice, at=after), at=after)


def test_enter_code_waits_a_day_at_most(alice):
    SecondStep.objects.update(failures=16)
    wrong = "000000" if code_of(alice, at=LATER) != "000000" else "111111"
    assert not enter(alice, wrong)
    assert SecondStep.objects.get().wait_until == LATER + timedelta(days=1)


def test_enter_code_takes_a_recovery_code_once_even_while_others_wait():
    user, given = turned_on(person("sales"), at=NOW)
    SecondStep.objects.update(failures=9, wait_until=LATER + timedelta(hours=1))
    assert enter(user, given[0])
    assert not enter(user, given[0])
    assert told(user) == ["turned_on", "code_used"]
    assert Entry.objects.get(action="second_step.code_used").data == {"left": 9}


def test_renew_codes_makes_those_before_worthless():
    user, given = turned_on(person("sales"), at=NOW)
    fresh = lifecycle.renew_codes(by=user, at=LATER)
    assert not enter(user, given[0])
    assert enter(user, fresh[0])


def test_turn_off_leaves_nothing_behind(alice):
    assert lifecycle.turn_off(by=alice, at=LATER).second_step_since is None
    assert not SecondStep.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert told(alice) == ["turned_on", "turned_off"]


def test_turn_off_is_refused_while_a_role_asks_for_it(alice, settings):
    settings.REQUIRE_TOTP_ROLES = ["sales"]
    with pytest.raises(SecondStepError):
        lifecycle.turn_off(by=alice, at=LATER)


def reset(user, by, reason="Phone lost, seen in person"):
    return lifecycle.reset(user_id=user.pk, reason=reason, by=by, at=LATER)


def test_reset_is_journaled_with_its_reason(alice):
    administrator = person("administrator")
    reset(alice, administrator)
    entry = Entry.objects.get(action="second_step.reset")
    assert (entry.by_id, entry.subject_id) == (administrator.pk, alice.pk)
    assert entry.reason == "Phone lost, seen in person"
    alice.refresh_from_db()
    assert alice.second_step_since is None


@pytest.mark.parametrize("role", ["sales", "auditor", "credit_analyst"])
def test_reset_needs_the_right(alice, role):
    with pytest.raises(PermissionDenied):
        reset(alice, person(role))


def test_reset_is_not_for_oneself():
    administrator, _given = turned_on(person("administrator"), at=NOW)
    with pytest.raises(PermissionDenied):
        reset(administrator, administrator)


def test_reset_of_a_superuser_takes_a_superuser():
    root, _given = turned_on(superuser(), at=NOW)
    with pytest.raises(PermissionDenied):
        reset(root, person("administrator"))
    assert reset(root, superuser()).second_step_since is None


def test_reset_needs_a_reason_and_something_to_reset(alice):
    with pytest.raises(SecondStepError):
        reset(alice, person("administrator"), reason="  ")
    with pytest.raises(SecondStepError):
        reset(person("sales"), person("administrator"))


def test_reset_by_command_is_journaled_as_nobody(alice):
    call_command("reset_second_step", "alice", reason="only administrator")
    assert Entry.objects.get(action="second_step.reset").by is None
    with pytest.raises(CommandError):
        call_command("reset_second_step", "alice", reason="again")


def test_journal_keeps_neither_secret_nor_code():
    user, given = turned_on(person("sales"), at=NOW)
    salt = SecondStep.objects.get().salt
    enter(user, given[0])
    kept = str(list(Entry.objects.values()))
    assert not any(text in kept for text in (*given, salt, codes.key(salt)))


def test_must_have_follows_roles_and_all_rights(settings):
    settings.REQUIRE_TOTP_ROLES = ["administrator"]
    assert required.must_have(person("administrator"))
    assert required.must_have(superuser())
    assert not required.must_have(person("sales"))


def test_required_roles_asks_nothing_while_none_is_named(django_assert_num_queries):
    user = User.objects.get(pk=person("sales").pk)
    with django_assert_num_queries(0):
        assert not required.missing(user)


def test_guard_setting_refuses_an_unknown_role(settings):
    settings.REQUIRE_TOTP_ROLES = ["administrators"]
    with pytest.raises(ImproperlyConfigured, match="administrators"):
        required.guard_setting()
