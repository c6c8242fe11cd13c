from datetime import timedelta

import pytest
from django.utils import timezone

from credit.enums import VersionState
from credit.lifecycle import policies as verbs
from tests.factories import credit, orders, policies
from tests.factories.moments import NOW
from tests.factories.staff import person
from tests.orders.pages import as_role, words

pytestmark = pytest.mark.django_db
PAGE = "/policies/shadow/"


def stricter():
    return policies.publish(policies.changed("limit", percent="50"), state=VersionState.SHADOW)


def lighter():
    return policies.publish(policies.changed("limit", severity="warn"), state=VersionState.SHADOW)


def submitted(total, **values):
    return orders.submit(orders.draft(credit.account("100.00", **values), total))


def page(query="", role="credit_analyst"):
    return as_role(role).get(f"{PAGE}{query}")


def counts(response):
    return tuple(response.context[name] for name in ("decisions", "more", "fewer"))


def shown(response):
    return [row.decision.order for row in response.context["page"].rows]


def test_shadow_counts_what_would_be_blocked_in_addition():
    stricter()
    submitted("40.00"), submitted("200.00")
    differing = submitted("60.00")
    answer = page()
    assert counts(answer) == (3, 1, 0)
    assert shown(answer) == [differing]
    assert "50 % of the limit" in words(answer)


def test_shadow_counts_what_would_pass():
    lighter()
    submitted("40.00")
    differing = submitted("200.00")
    answer = page()
    assert (counts(answer), shown(answer)) == ((2, 0, 1), [differing])
    assert "over the limit" in words(answer)


def test_shadow_counts_equal_verdicts_for_other_reasons():
    policies.publish(
        policies.changed("document_value", severity="block", amount="150.00"),
        state=VersionState.SHADOW,
    )
    same, other = submitted("120.00"), submitted("200.00")
    submitted("40.00")
    answer = page()
    assert (counts(answer), answer.context["reasons"], answer.context["same"]) == ((3, 0, 0), 1, 2)
    assert shown(answer) == shown(page("?difference=reasons")) == [other]
    assert same in shown(page("?difference=same")) and len(shown(page("?difference=same"))) == 2
    assert shown(page("?difference=outcome")) == []
    (row,) = answer.context["page"].rows
    assert (row.added, row.dropped) == ({"document_value"}, set())
    assert '<span class="quiet">new</span>' in words(answer)


def test_shadow_says_since_when():
    made = verbs.draft_version(
        policy_id=policies.standard().policy_id,
        content=policies.changed("limit", percent="50"),
        note="try",
        by=person("administrator"),
        at=NOW,
    )
    verbs.shadow(version_id=made.pk, by=person("administrator"), at=NOW)
    answer = page()
    assert (answer.context["began"], counts(answer)) == (NOW, (0, 0, 0))
    assert "judged no order" in words(answer)


def test_shadow_without_any_version_says_how_to_begin():
    assert "No version was in the shadow yet" in words(page())


def test_shadow_narrows_to():
    stricter()
    wanted = submitted("60.00", code="C-WANTED")
    submitted("60.00")
    assert shown(page("?customer=c-wanted")) == [wanted]
    assert len(shown(page("?difference=more"))) == 2
    assert shown(page("?difference=fewer")) == []


def test_shadow_narrows_by_day():
    stricter()
    order = submitted("60.00")
    day = timezone.localdate(order.decisions.get().at)
    after = day + timedelta(days=1)
    assert shown(page(f"?since={day}&until={day}")) == [order]
    assert shown(page(f"?since={after}")) == []


def test_shadow_shows_the_version_that_is_named():
    first = stricter()
    submitted("60.00")
    second = lighter()
    assert page().context["version"] == second
    answer = page(f"?version={first.pk}")
    assert (answer.context["version"], counts(answer)) == (first, (1, 1, 0))


@pytest.mark.parametrize("query", ["?version=nonsense", "?since=yesterday", "?difference=x"])
def test_shadow_refuses_filters_it_does_not_understand(query):
    stricter()
    assert page(query).status_code == 400


def test_shadow_goes_on_where_its_page_ended(monkeypatch):
    monkeypatch.setattr("orders.views.tester.SHADOW_SIZE", 2)
    stricter()
    made = [submitted("60.00") for _ in range(3)]
    first = page()
    second = page(first.context["page"].older)
    assert [*shown(first), *shown(second)] == made[::-1]


def test_shadow_costs_the_same_at_many_rows(django_assert_max_num_queries):
    stricter()
    client = as_role("credit_analyst")
    for _ in range(4):
        submitted("60.00")
    with django_assert_max_num_queries(16):
        client.get(PAGE)


def test_shadow_of_a_version_that_was_never_there_says_so():
    version = policies.publish(policies.changed("limit", percent="50"))
    answer = page(f"?version={version.pk}")
    assert (answer.status_code, answer.context["version"]) == (200, version)
    assert "judged no order" in words(answer)
