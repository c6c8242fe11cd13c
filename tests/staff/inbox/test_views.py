from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from staff.inbox import lifecycle
from staff.inbox.models import Notice, Unwanted
from tests.factories.moments import DAY, HOUR, NOW
from tests.factories.notices import KIND, tell
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client):
    user = person("administrator", email="ada@example.com")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return user


def shown(client, query=""):
    page = client.get(f"/inbox/{query}")
    assert page.status_code == 200
    return [notice.data["order"] for notice in page.context["page"].rows]


def unread(user):
    return Notice.objects.for_user(user).unread().count()


def test_inbox_shows_ones_own_notices_newest_first(client, ada):
    tell(ada, order="SO-1")
    tell(ada, order="SO-2", at=NOW + HOUR)
    tell(person("sales"), order="SO-3")
    assert shown(client) == ["SO-2", "SO-1"]


def test_inbox_shows_what_is_unread_until_asked_for_all(client, ada):
    (old,) = tell(ada, order="SO-1")
    tell(ada, order="SO-2")
    lifecycle.read(notice=old, by=ada, at=NOW)
    assert shown(client) == ["SO-2"]
    assert sorted(shown(client, "?view=all")) == ["SO-1", "SO-2"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("so-1", 1),
        ("Söhne", 1),
        ("王小明", 1),
        ("50,000.00", 1),
        ("50000", 1),
        ("amount", 0),
        ("%", 0),
        ("ORDERS", 2),
    ],
)
def test_inbox_finds_what_is_told_by_words(client, ada, words, found):
    tell(ada, customer="Söhne 王小明")
    tell(ada, order="XX", customer="Other", amount="1.00")
    assert len(shown(client, f"?q={words}")) == found


def test_inbox_filters_by_kind(client, ada):
    tell(ada)
    other = Notice.objects.create(to=ada, kind="test.gone", key="old", path="/", at=NOW)
    assert shown(client, f"?kind={KIND}") == ["SO-1"]
    assert client.get("/inbox/?kind=nonsense").status_code == 400
    assert reverse("inbox:open", args=[other.pk]) in client.get("/inbox/").content.decode()


def test_inbox_pages_by_key_at_the_same_cost(client, ada, django_assert_max_num_queries):
    tell(ada)
    with django_assert_max_num_queries(20) as one:
        shown(client)
    for number in range(60):
        tell(ada, at=NOW + number * HOUR)
    with django_assert_max_num_queries(len(one)):
        page = client.get("/inbox/")
    assert len(page.context["page"].rows) == 50
    assert len(shown(client, page.context["page"].older)) == 11


def test_open_marks_as_read_once_and_leads_to_the_page(client, ada):
    (notice,) = tell(ada, path="/orders/?view=all")
    url = reverse("inbox:open", args=[notice.pk])
    client.head(url)
    assert unread(ada) == 1
    assert client.get(url).url == "/orders/?view=all"
    notice.refresh_from_db()
    first = notice.read_at
    client.get(url)
    notice.refresh_from_db()
    assert notice.read_at == first is not None


def test_open_never_shows_somebody_elses(client, ada):
    bob = person("sales")
    (theirs,) = tell(bob)
    assert client.get(reverse("inbox:open", args=[theirs.pk])).status_code == 404
    assert unread(bob) == 1


def test_read_all_marks_what_the_page_showed_and_can_be_undone(client, ada):
    tell(ada, person("sales"), at=NOW - HOUR)
    tell(ada, at=NOW)
    tell(ada, at=NOW + DAY)
    answer = client.post("/inbox/read/", {"until": NOW.isoformat(), "query": "view=unread"})
    assert (unread(ada), Notice.objects.unread().count()) == (1, 2)
    page = client.get(answer.url)
    assert page.context["marked"] == 2
    client.post("/inbox/undo/", {"at": page.context["undo"]})
    assert unread(ada) == 3
    assert client.get(answer.url).context["undo"] == ""


def test_read_all_keeps_to_the_filters(client, ada):
    tell(ada, order="SO-1")
    tell(ada, order="SO-2")
    answer = client.post("/inbox/read/", {"query": "q=SO-1"})
    assert shown(client) == ["SO-2"]
    assert answer.url.startswith("/inbox/?q=SO-1&undo=")


def test_read_all_of_nothing_says_so(client, ada):
    page = client.post("/inbox/read/", {"until": "nonsense", "query": ""}, follow=True)
    assert "nothing left" in page.content.decode()


def test_undo_never_touches_somebody_elses(client, ada):
    bob = person("sales")
    (theirs,) = tell(bob)
    lifecycle.read(notice=theirs, by=bob, at=NOW)
    client.post("/inbox/undo/", {"at": NOW.isoformat()})
    assert unread(bob) == 0


def bell(client):
    return client.get("/inbox/bell/").content.decode()


@pytest.mark.parametrize(("count", "said"), [(1, ">1<"), (99, ">99<"), (120, ">99+<")])
def test_bell_counts_no_further_than_99(client, ada, count, said):
    Notice.objects.bulk_create(
        Notice(to=ada, kind=KIND, key=str(number), path="/", at=NOW) for number in range(count)
    )
    assert said in bell(client)


def test_bell_of_a_page_is_one_query(client, ada, rf, django_assert_num_queries):
    tell(ada)
    assert "bell-count" in client.get("/profile/").content.decode()
    with django_assert_num_queries(1):
        assert Notice.objects.for_user(ada).unread().up_to(100) == 1


def test_bell_falls_silent_when_the_session_has_ended():
    silent = Client().get("/inbox/bell/", headers={"HX-Request": "true"})
    assert silent.status_code == 200
    assert "HX-Redirect" not in silent.headers
    assert "hx-trigger" not in silent.content.decode()


def test_profile_keeps_what_one_wants_no_mail_about(client, ada):
    Unwanted.objects.create(user=ada, kind="test.gone")
    client.post("/profile/mail/", {"wanted": []})
    assert Unwanted.objects.filter(user=ada, kind=KIND).exists()
    assert KIND not in client.get("/profile/").context["mail_form"]["wanted"].value()
    client.post("/profile/mail/", {"wanted": [KIND]})
    unwanted = set(Unwanted.objects.values_list("kind", flat=True))
    assert "test.gone" in unwanted
    assert KIND not in unwanted


def test_profile_refuses_a_kind_that_is_not_offered(client, ada):
    page = client.post("/profile/mail/", {"wanted": ["nonsense"]}, follow=True)
    assert "no longer offered" in page.content.decode()
    assert not Unwanted.objects.exists()


def test_inbox_speaks_the_language_of_its_reader(client, ada):
    ada.language = "zh-hans"
    ada.save()
    tell(ada, at=timezone.now() - timedelta(minutes=5))
    assert "审批: SO-1" in client.get("/inbox/").content.decode()


@pytest.mark.parametrize(("role", "told"), [("sales", False), ("administrator", True)])
def test_kinds_of_notices_are_offered_to_whom_they_concern(role, told, client):
    client.force_login(person(role), "django.contrib.auth.backends.ModelBackend")
    for name in ("inbox:list", "staff:profile"):
        page = client.get(reverse(name)).content.decode()
        assert ("webhook.paused" in page) == told
        assert "approval.decided" in page
