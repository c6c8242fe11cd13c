"""A year of requests with holidays, make-up workdays, substitutes, reminders and escalations."""

import random
from datetime import UTC, date, datetime, time, timedelta

import pytest

from approvals import lifecycle
from journal.models import Entry
from staff.hours.models import SpecialDay, WorkInterval
from staff.models import Notice, User
from tests.approvals.slow_model import HOME, MINUTE, Case, Minutes, World
from tests.factories import credit, orders
from tests.factories.routes import answer, asked, level, matrix, row, told, written
from tests.factories.staff import absence, person

pytestmark = pytest.mark.django_db

HOLIDAYS = [date(2026, 1, 1), *(date(2026, 2, day) for day in range(16, 21))]
HOLIDAYS += [date(2026, 5, 1), *(date(2026, 10, day) for day in range(1, 8)), date(2027, 1, 1)]
WORKDAYS = [date(2026, 2, 14), date(2026, 10, 10)]
BEFORE = datetime(2025, 12, 1, tzinfo=UTC)


def local(day, clock):
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=HOME).astimezone(UTC)


def special_days():
    def day_of(day, kind):
        return SpecialDay.objects.create(day=day, kind=kind, name_en=kind)

    for day in HOLIDAYS:
        day_of(day, "holiday")
    for made in [day_of(day, "workday") for day in WORKDAYS]:
        for begins, ends in ((540, 720), (780, 1080)):
            WorkInterval.objects.create(special_day=made, begins=begins, ends=ends)


# Worked out by hand: Monday to Friday from 9 to 12 and from 13 to 18 o'clock, with the days above.
# asked; hours; reminder (three quarters of them); deadline
BY_HAND = [
    ("2026-03-02 09:00", 8, "2026-03-02 16:00", "2026-03-02 18:00"),
    ("2026-03-02 17:00", 8, "2026-03-03 15:00", "2026-03-03 17:00"),
    ("2026-03-06 17:30", 4, "2026-03-09 11:30", "2026-03-09 13:30"),
    ("2026-03-07 10:00", 8, "2026-03-09 16:00", "2026-03-09 18:00"),
    ("2026-03-02 12:30", 2, "2026-03-02 14:30", "2026-03-02 15:00"),
    ("2026-03-02 20:00", 1, "2026-03-03 09:45", "2026-03-03 10:00"),
    ("2026-09-30 16:00", 8, "2026-10-08 14:00", "2026-10-08 16:00"),
    ("2026-10-09 17:00", 8, "2026-10-10 15:00", "2026-10-10 17:00"),
    ("2026-10-10 17:00", 4, "2026-10-12 11:00", "2026-10-12 12:00"),
    ("2026-03-05 09:00", 16, "2026-03-06 14:00", "2026-03-06 18:00"),
    ("2026-03-02 09:00", 40, "2026-03-05 16:00", "2026-03-06 18:00"),
    ("2026-12-31 15:00", 8, "2027-01-04 12:00", "2027-01-04 15:00"),
]


@pytest.mark.parametrize(("begun", "hours", "reminder", "deadline"), BY_HAND)
def test_chase_keeps_to_the_minutes_worked_out_by_hand(begun, hours, reminder, deadline):
    special_days()
    one, two = person("approver_1"), person("approver_2")
    at, remind, due = (
        datetime.fromisoformat(each).replace(tzinfo=HOME) for each in (begun, reminder, deadline)
    )
    request = asked(level("approver_1", hours=hours, escalate="approver_2"), at=at)
    for moment in (at, remind - MINUTE, remind, remind, due - MINUTE, due, due):
        lifecycle.chase(at=moment)
    entries = Entry.objects.filter(subject_id=request.pk, action__startswith="approval.")
    entries = entries.filter(subject_type="approvals.approvalrequest").order_by("pk")
    assert list(entries.values_list("action", "at")) == [
        ("approval.opened", at),
        ("approval.reminded", remind),
        ("approval.escalated", due),
    ]
    assert (told(request, "reminded"), told(request, "escalated")) == ([one.pk], [two.pk])


# The year

SMALL = [("any", ["approver_1"], 8, "approver_2")]
LARGE = [
    ("all", ["credit_analyst", "approver_1"], 4, "approver_2"),
    ("any", ["approver_2"], 16, "approver_2"),
]
REQUESTS = 90


class Year:
    """The same requests, answers and absences for the product and for the model."""

    def __init__(self, seed):
        self.dice = random.Random(seed)
        special_days()
        rows = [
            row("small", *self._levels(SMALL), amount=["0.00", "500.00"]),
            row("large", *self._levels(LARGE)),
        ]
        matrix(rows=rows, at=BEFORE)
        self._people()
        minutes = Minutes(date(2026, 1, 1), date(2027, 3, 31), HOLIDAYS, WORKDAYS)
        self.world = World(minutes, self.roles, self._absences())
        self.opened = sorted(self._some_moment() for _ in range(REQUESTS))
        self.cases = []

    def _levels(self, levels):
        return [
            level(*roles, need=need, hours=hours, escalate=escalate)
            for need, roles, hours, escalate in levels
        ]

    def _people(self):
        names = ["approver_1"] * 3 + ["credit_analyst"] * 2 + ["approver_2"] * 2
        self.people = [person(name) for name in names]
        self.people.append(person("approver_1", "credit_analyst"))
        self.seller = person("sales", "approver_1")
        self.by_id = {each.pk: each for each in [*self.people, self.seller]}
        held = User.groups.through.objects.filter(user__in=self.by_id)
        pairs = list(held.values_list("group__name", "user_id"))
        self.roles = {name: {pk for role, pk in pairs if role == name} for name, _pk in pairs}

    def _absences(self):
        """About six weeks for everybody, mostly with a substitute who may be away as well."""
        made = []
        for who in self.people:
            first = self.dice.randint(30, 60)
            while first < 390:
                last = first + self.dice.randint(0, 16)
                others = [each for each in self.people if each != who]
                substitute = self.dice.choice([None, *others])
                try:
                    kept = absence(who, substitute, first, last, at=BEFORE)
                except Exception as circle:
                    assert "circle" in str(circle) or "stand" in str(circle), circle
                else:
                    made.append((who.pk, kept.substitute_id, kept.first_day, kept.last_day))
                first = last + self.dice.randint(20, 90)
        return made

    def _some_moment(self):
        day = date(2026, 1, 1) + timedelta(days=self.dice.randint(0, 360))
        return local(day, "00:00") + self.dice.randint(7 * 60, 21 * 60) * MINUTE

    def ticks(self):
        for number in range(385):
            day = date(2026, 1, 1) + timedelta(days=number)
            for clock in ("00:30", "12:00", "18:00"):
                yield local(day, clock)

    def run(self):
        for at in self.ticks():
            while self.opened and self.opened[0] <= at:
                self._open(self.opened.pop(0))
            self._chase(at)
            for pair in self.cases:
                if pair[1].state == "open" and self.dice.random() < pair[2]:
                    self._answer(*pair[:2], at + 5 * MINUTE)

    def _open(self, at):
        large, own = self.dice.random() < 0.5, self.dice.random() < 0.15
        account = credit.account("50.00", owner=self.seller if own else None)
        order = orders.draft(account, "900.00" if large else "90.00", at=at)
        request = orders.open_request(orders.submit(order, at=at))
        case = Case(self.world, LARGE if large else SMALL, {order.owner_id}, at)
        self.cases.append((request, case, self.dice.choice([0.06, 0.2, 0.2, 0.4])))

    def _chase(self, at):
        done = lifecycle.chase(at=at)
        assert done.failed == 0
        before = sum(len(case.log) for _request, case, _speed in self.cases)
        for _request, case, _speed in self.cases:
            if case.state == "open":
                case.tick(at)
        if before != sum(len(case.log) for _request, case, _speed in self.cases):
            assert lifecycle.chase(at=at) == lifecycle.chasing.Chased()

    def _answer(self, request, case, at):
        able = set().union(*(case.able(place, at) for place in case.open_places()))
        if able:
            by = self.dice.choice(sorted(able))
            verb = "reject" if self.dice.random() < 0.08 else "approve"
            answer(request, verb, by=self.by_id[by], at=at)
            case.answer(by, verb, at)


def journal_of(request):
    entries = Entry.objects.filter(
        subject_type="approvals.approvalrequest", subject_id=request.pk
    ).order_by("pk")
    pairs = entries.values_list("at", "action")
    return [(at, action.partition(".")[2]) for at, action in pairs]


def notices_of(request):
    kinds = ["approval.asked", "approval.reminded", "approval.escalated"]
    found = Notice.objects.filter(key__startswith=f"approval-{request.pk}-", kind__in=kinds)
    return sorted((kind.partition(".")[2], to) for kind, to in found.values_list("kind", "to"))


@pytest.mark.slow
def test_year_of_requests_goes_as_the_slow_model_says():
    year = Year(20260101)
    year.run()
    assert len(year.cases) == REQUESTS
    for request, case, _speed in year.cases:
        assert journal_of(request) == case.log
        assert notices_of(request) == sorted(case.told)
        assert orders.ApprovalRequest.objects.get(pk=request.pk).state == case.state
    seen = [action for _request, case, _speed in year.cases for _at, action in case.log]
    assert all(seen.count(each) >= 3 for each in ("reminded", "escalated", "approved", "rejected"))
    assert len(written(year.cases[0][0])) > 1
