import pytest
from django.urls import reverse
from django.utils import timezone

from credit.models import Customer, Industry, Scorecard
from credit.scoring.recompute import recompute
from journal.models import Entry
from tests.factories import credit, scoring
from tests.factories.staff import person
from tests.orders.pages import as_role, words

pytestmark = pytest.mark.django_db
CARDS = "/admin/credit/scorecard/"


def act(client, action, *cards, **values):
    data = {"action": action, "_selected_action": [card.pk for card in cards]} | values
    return client.post(CARDS, data, follow=True)


def form_of(response):
    """What the change page would send if nothing were typed."""
    data = {}
    for form in [response.context["adminform"].form, *_inlines(response)]:
        for field in form:
            if field.value() is not None:
                data[field.html_name] = field.value()
    return data


def _inlines(response):
    for inline in response.context["inline_admin_formsets"]:
        yield inline.formset.management_form
        yield from inline.formset.forms


def test_draft_is_made_and_edited_and_a_save_is_journaled_once():
    client = as_role("credit_analyst")
    act(client, "make_draft", scoring.published())
    card = Scorecard.objects.get(state="draft")
    page = client.get(f"{CARDS}{card.pk}/change/")
    data = form_of(page) | {"note": "new weights", "factors-0-weight": "40"}
    answer = client.post(f"{CARDS}{card.pk}/change/", data, follow=True)
    assert card.factors.get(code="days_late").weight == 40
    assert "The weights come to 110%" in words(answer)
    actions = [entry.action for entry in Entry.objects.about(card)]
    assert actions.count("credit.scorecard_changed") == 1


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("factors-0-weight", "101", "less than or equal to 100"),
        ("factors-0-weight", "-1", "greater than or equal to 0"),
        ("factors-1-code", "days_late", "Please correct the duplicate"),
        ("bands-0-points", "abc", "Enter a whole number"),
        ("classes-0-from_points", "NaN", "Enter a number"),
    ],
)
def test_nonsense_is_refused_beside_its_field(field, value, message):
    client, card = as_role("administrator"), scoring.draft()
    address = f"{CARDS}{card.pk}/change/"
    answer = client.post(address, form_of(client.get(address)) | {field: value})
    assert answer.status_code == 200 and message in words(answer)
    assert card.factors.get(code="days_late").weight == 30


def test_publishing_asks_first_and_shows_who_moves():
    client, card = as_role("administrator"), scoring.draft()
    scoring.known()
    asked = words(act(client, "publish", card))
    assert "takes the place of the present one" in asked and "Customers in each risk class" in asked
    assert scoring.published() != card
    answer = act(client, "publish", card, confirmed="1")
    assert "is in force" in words(answer) and scoring.published() == card


def test_publishing_says_what_is_lacking():
    client, card = as_role("credit_analyst"), scoring.draft(note="")
    card.factors.filter(code="rating").delete()
    asked = words(act(client, "publish", card))
    assert "The weights come to 80%" in asked and "what the scorecard is for" in asked
    assert "what the scorecard is for" in words(act(client, "publish", card, confirmed="1"))
    assert scoring.published() != card


def test_publishing_takes_one_card():
    client = as_role("credit_analyst")
    answer = act(client, "publish", scoring.draft(), scoring.draft())
    assert "Choose one scorecard" in words(answer)
    assert "Only a draft" in words(act(client, "publish", scoring.published()))


@pytest.mark.parametrize("role", ["finance", "auditor"])
def test_who_may_only_look_finds_no_buttons(role):
    client, card = as_role(role), scoring.draft()
    page = words(client.get(f"{CARDS}{card.pk}/change/"))
    assert "Publish …" not in page and 'name="note"' not in page
    act(client, "publish", card, confirmed="1")
    act(client, "make_draft", card)
    assert scoring.published().number == 1 and Scorecard.objects.count() == 2


def test_published_card_cannot_be_edited_or_deleted():
    client, card = as_role("administrator"), scoring.published()
    assert 'name="note"' not in words(client.get(f"{CARDS}{card.pk}/change/"))
    assert client.post(f"{CARDS}{card.pk}/change/", {"note": "x"}).status_code == 403
    assert client.post(f"{CARDS}{card.pk}/delete/", {"post": "yes"}).status_code == 403


def test_draft_can_be_deleted():
    card = scoring.draft()
    as_role("administrator").post(f"{CARDS}{card.pk}/delete/", {"post": "yes"})
    assert not Scorecard.objects.filter(pk=card.pk).exists()
    assert Entry.objects.filter(action="credit.scorecard_discarded").exists()


def test_industry_is_journaled():
    client = as_role("credit_analyst")
    client.post("/admin/credit/industry/add/", {"code": "it", "name_en": "IT", "risk": "low"})
    industry = Industry.objects.get(code="it")
    assert Entry.objects.about(industry).get().action == "credit.industry_changed"


def customer_form(client, customer, **values):
    address = reverse("admin:credit_customer_change", args=[customer.pk])
    data = form_of(client.get(address)) | values
    return client.post(address, data)


def test_business_of_a_customer_is_filled_in():
    client, customer = as_role("administrator"), credit.customer()
    answer = customer_form(
        client, customer, founded_on="2001-05-09", annual_revenue="5000000", employees="12",
        external_rating="BB", risk_class="A",
    )  # fmt: skip
    assert answer.status_code == 302
    stored = Customer.objects.get(pk=customer.pk)
    assert (stored.employees, stored.external_rating, stored.risk_class) == (12, "BB", "")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("annual_revenue", "-1"),
        ("annual_revenue", "NaN"),
        ("employees", "-1"),
        ("employees", "99999999999"),
        ("founded_on", "2999-01-01"),
        ("founded_on", "someday"),
        ("external_rating", "Z"),
    ],
)
def test_nonsense_about_a_business_is_refused(field, value):
    client, customer = as_role("administrator"), credit.customer()
    answer = customer_form(client, customer, **{field: value})
    assert answer.status_code == 200 and answer.context["errors"]


def test_kept_scores_can_be_looked_at():
    account = scoring.known()
    recompute(at=timezone.now(), by=person("credit_analyst"))
    assert account.customer.code in words(as_role("auditor").get("/admin/credit/creditscore/"))


def test_score_is_told_in_sentences():
    account = scoring.known()
    recompute(at=timezone.now(), by=person("credit_analyst"))
    score = account.customer.scores.get()
    told = words(as_role("auditor").get(f"/admin/credit/creditscore/{score.pk}/change/"))
    assert "of 100 points." in told and "contribution" not in told
