from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from credit.models import CreditScore, Scorecard, ScorecardBand, ScorecardFactor
from credit.scoring import lifecycle
from credit.scoring.lifecycle import ScorecardError
from credit.scoring.preview import preview
from credit.scoring.recompute import recompute
from credit.scoring.seed import seed_scoring
from credit.scoring.whole import card_of, problems
from journal.models import Entry
from staff.roles import Role
from tests.factories import scoring
from tests.factories.moments import DAY, NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
OTHERS = sorted(set(Role.values) - {"credit_analyst", "administrator"})


def test_seeded_card_is_whole_and_seeding_again_changes_nothing():
    before = list(Scorecard.objects.values())
    seed_scoring()
    assert list(Scorecard.objects.values()) == before
    assert problems(scoring.published()) == []


def test_draft_is_a_copy_that_changes_nothing():
    by = person("administrator")
    made = lifecycle.draft_from(scorecard_id=scoring.published().pk, by=by, at=NOW)
    assert (made.number, made.state, made.created_by) == (2, "draft", by)
    assert card_of(made) == card_of(scoring.published())
    assert Entry.objects.about(made).get().data == {"version": 2, "from": 1}


def test_publish_takes_the_place_of_the_card_in_force():
    old, by = scoring.published(), person("administrator")
    card = scoring.publish(by=by)
    assert scoring.published() == card
    assert (card.published_by, card.published_at) == (by, NOW)
    assert Scorecard.objects.get(pk=old.pk).state == "retired"
    assert Entry.objects.about(old).get().action == "credit.scorecard_retired"
    entry = Entry.objects.about(card).first()
    assert (entry.action, entry.reason) == ("credit.scorecard_published", "harder on late payers")


def test_publish_has_everybody_scored(django_capture_on_commit_callbacks, monkeypatch):
    asked = []
    monkeypatch.setattr("credit.tasks.recompute_scores.delay", lambda: asked.append(1))
    with django_capture_on_commit_callbacks(execute=True):
        scoring.publish()
    assert asked == [1]


def test_next_scoring_uses_the_published_card():
    account, card = scoring.known(), scoring.draft()
    recompute(at=NOW)
    card.factors.filter(code="rating").update(weight=0)
    card.factors.filter(code="days_late").update(weight=50)
    scoring.publish(card)
    recompute(at=NOW + DAY)
    scores = CreditScore.objects.filter(customer=account.customer_id).order_by("pk")
    assert [score.scorecard.number for score in scores] == [1, 2]


BREAKS = {
    "come to 110%": lambda card: card.factors.filter(code="rating").update(weight=30),
    "come to 99%": lambda card: card.factors.filter(code="rating").update(weight=19),
    "band from 0": lambda card: card.bands.filter(factor="years", start=0).delete(),
    "none for: BBB": lambda card: card.bands.filter(value="BBB").delete(),
    "does not weigh": lambda card: card.factors.filter(code="years").delete(),
    "cannot have": lambda card: card.bands.create(factor="industry", value="AAA", points=1),
    "from A to E": lambda card: card.classes.filter(code="C").delete(),
    "more points than the next": lambda card: card.classes.filter(code="B").update(from_points=80),
    "E must begin at 0": lambda card: card.classes.filter(code="E").update(from_points="0.01"),
    "recommended to class E": lambda card: card.classes.filter(code="E").update(months=1),
    "what the scorecard is for": lambda card: Scorecard.objects.filter(pk=card.pk).update(note=" "),
}


@pytest.mark.parametrize("words", BREAKS)
def test_publish_refuses_a_card_that_is_not_whole(words):
    card = scoring.draft()
    BREAKS[words](card)
    with pytest.raises(ScorecardError, match=words):
        scoring.publish(card)
    assert scoring.published().number == 1


def test_publish_refuses_what_is_no_draft():
    with pytest.raises(ScorecardError, match="Only a draft"):
        scoring.publish(scoring.published())


@pytest.mark.parametrize("role", OTHERS)
def test_scorecards_belong_to_analysts_and_administrators(role):
    card, by = scoring.draft(), person(role)
    with pytest.raises(PermissionDenied):
        scoring.publish(card, by=by)
    with pytest.raises(PermissionDenied):
        lifecycle.draft_from(scorecard_id=card.pk, by=by, at=NOW)


@pytest.mark.parametrize(
    "change",
    [
        lambda card: card.factors.update(weight=1),
        lambda card: card.bands.all().delete(),
        lambda card: card.classes.create(code="A", from_points=1),
        lambda card: Scorecard.objects.filter(pk=card.pk).update(note="changed"),
        lambda card: Scorecard.objects.filter(pk=card.pk).update(state="draft"),
        lambda card: card.delete(),
    ],
)
def test_database_keeps_a_published_card(change):
    with pytest.raises(DatabaseError), transaction.atomic():
        change(scoring.published())


def test_database_lets_a_draft_go():
    scoring.draft().delete()
    assert Scorecard.objects.count() == 1


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"factor": "years", "start": Decimal(-1), "points": 5}, "0 or more"),
        ({"factor": "years", "value": "AAA", "points": 5}, "0 or more"),
        ({"factor": "rating", "start": Decimal(1), "points": 5}, "a value for"),
        ({"factor": "rating", "start": Decimal(1), "value": "AAA", "points": 5}, "a value for"),
        ({"factor": "years", "start": Decimal(7), "points": 101}, "less than or equal to 100"),
        ({"factor": "years", "start": Decimal(5), "points": 5}, "band for this value already"),
    ],
)
def test_band_that_makes_no_sense_is_refused(row, words):
    with pytest.raises(ValidationError, match=words):
        ScorecardBand(scorecard=scoring.draft(), **row).full_clean()


def test_factor_weighs_only_once():
    with pytest.raises(ValidationError, match="only weigh once"):
        ScorecardFactor(scorecard=scoring.draft(), code="years", weight=1).full_clean()


def test_preview_counts_who_would_move():
    scoring.known()
    scoring.known(external_rating="D")
    recompute(at=NOW)
    card = scoring.draft()
    card.factors.filter(code="rating").update(weight=0)
    card.factors.filter(code="industry").update(weight=30)
    found = preview(card, NOW)
    assert [(row.code, row.now, row.then) for row in found.classes if row.now or row.then] == [
        ("B", 1, 2),
        ("C", 1, 0),
    ]
    assert (found.better, found.worse) == (1, 0)
