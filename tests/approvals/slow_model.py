"""Routes, reminders and escalations once more, slowly and by other means, to compare with.

Knows nothing of the product but its rules: a list of every working minute instead of a calendar,
and plain lists instead of a database.
"""

from bisect import bisect_left
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOME = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)


class Minutes:
    """Every working minute from one day to another."""

    def __init__(self, first, last, holidays, workdays):
        self.moments, day = [], first
        while day <= last:
            works = day in workdays or (day.weekday() < 5 and day not in holidays)
            midnight = datetime.combine(day, time(), tzinfo=HOME).astimezone(UTC)
            for minute in range(24 * 60) if works else ():
                if 540 <= minute < 720 or 780 <= minute < 1080:
                    self.moments.append(midnight + minute * MINUTE)
            day += timedelta(days=1)

    def after(self, start, minutes):
        return self.moments[bisect_left(self.moments, start) + minutes - 1] + MINUTE


class World:
    """Who holds which role, and who is away when. Persons are ids."""

    def __init__(self, minutes, roles, absences):
        self.minutes, self.roles, self.absences = minutes, roles, absences

    def acts(self, person, at):
        """Who acts for a person, or None."""
        day, seen = at.astimezone(HOME).date(), set()
        while person is not None and person not in seen:
            seen.add(person)
            away = [sub for who, sub, a, b in self.absences if who == person and a <= day <= b]
            if not away:
                return person
            person = away[0]
        return None


class Place:
    """Somebody's answer at a level: from the role, or from the one that stands in for it."""

    def __init__(self, case, role, hours, at, deputy=False):
        self.role, self.deputy, self.known = role, deputy, set()
        self.remind = case.world.minutes.after(at, hours * 45)
        self.due = case.world.minutes.after(at, hours * 60)
        self.done = self.reminded = self.late = False
        self.other = None


class Case:
    """One request. `levels` are (need, roles, hours, escalate)."""

    def __init__(self, world, levels, own, at):
        self.world, self.levels, self.own = world, levels, own
        self.stage, self.stuck, self.state = -1, False, "open"
        self.answered, self.log, self.told = set(), [(at, "opened")], []
        self.call(at)

    def able(self, place, at):
        out = self.own | self.answered
        pairs = [(m, self.world.acts(m, at)) for m in self.world.roles[place.role]]
        return {a for m, a in pairs if m not in self.own and a is not None and a not in out}

    def call(self, at):
        self.stage += 1
        self.need, roles, self.hours, self.escalate = self.levels[self.stage]
        self.places = [Place(self, role, self.hours, at) for role in roles]
        for place in self.places:
            self.tell("asked", place, at)
        self.attend(self.unfilled(at), at)

    def tell(self, kind, place, at):
        people = self.able(place, at)
        if kind != "reminded":
            people = people - place.known
            place.known |= people
        self.told += [(kind, person) for person in people]

    def everybody(self, place, at):
        return self.able(place, at) | (self.able(place.other, at) if place.other else set())

    def open_places(self):
        """Those asked now, deputies after all others."""
        left = [place for place in self.places if not place.done]
        return left + [place.other for place in left if place.other]

    def hopeless(self, at):
        empty = [not self.everybody(place, at) for place in self.places if not place.done]
        return all(empty) if self.need == "any" else any(empty)

    def unfilled(self, at):
        if self.need == "any" and not self.hopeless(at):
            return []
        return [p for p in self.places if not p.done and not p.late and not self.able(p, at)]

    def attend(self, late, at):
        for place in late:
            place.late = True
        for place in late[:1] if self.need == "any" else late:
            place.other = Place(self, self.escalate, self.hours, at, deputy=True)
            self.log.append((at, "escalated"))
            self.tell("escalated", place.other, at)
        if self.hopeless(at) != self.stuck:
            self.stuck = not self.stuck
            self.log.append((at, "stuck" if self.stuck else "freed"))

    def tick(self, at):
        late = [p for p in self.places if not p.done and not p.late and p.due <= at]
        late += [place for place in self.unfilled(at) if place not in late]
        late.sort(key=self.places.index)
        for place in self.open_places():
            soon = not place.reminded and place.remind <= at and place not in late
            if soon and (place.deputy or not place.late):
                place.reminded = True
                self.log.append((at, "reminded"))
                self.tell("reminded", place, at)
        for place in self.open_places():
            if self.able(place, at) and not self.able(place, at) & place.known:
                self.tell("asked", place, at)
        self.attend(late, at)

    def taken(self, person, at):
        """The place that somebody answers from: where all are needed, the one few others can."""
        fits = [p for p in self.open_places() if person in self.able(p, at)]

        def rank(place):
            crowd = len(self.able(place, at)) if self.need == "all" and len(fits) > 1 else 0
            return (
                crowd,
                person not in self.world.roles[place.role],
                self.open_places().index(place),
            )

        return min(fits, key=rank)

    def answer(self, person, verb, at):
        place = self.taken(person, at)
        main = next(p for p in self.places if place in (p, p.other))
        self.answered.add(person)
        main.done = True
        if verb == "reject":
            self.end("rejected", at)
        elif self.need == "all" and not all(p.done for p in self.places):
            self.log.append((at, "endorsed"))
            self.attend(self.unfilled(at), at)
        elif self.stage + 1 < len(self.levels):
            self.log.append((at, "endorsed"))
            self.call(at)
        else:
            self.end("approved", at)

    def end(self, state, at):
        self.state = state
        self.log.append((at, state))
