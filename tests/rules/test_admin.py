import pytest
from django.urls import reverse

from journal.models import Entry
from rules.models import WordList
from tests.factories.staff import person, superuser

pytestmark = pytest.mark.django_db


def test_admin_changes_names_but_not_the_code_and_journals_it(client, word_list):
    client.force_login(person("administrator"))
    address = reverse("admin:rules_wordlist_change", args=[word_list.pk])
    answer = client.post(address, {"code": "other", "name_en": "Isles"})
    assert answer.status_code == 302
    word_list.refresh_from_db()
    assert (word_list.code, word_list.name_en) == ("islands", "Isles")
    assert Entry.objects.about(word_list).get().action == "word_list.changed"


def test_admin_makes_a_new_list(client):
    client.force_login(person("administrator"))
    client.post(reverse("admin:rules_wordlist_add"), {"code": "names", "name_en": "Names"})
    assert WordList.objects.filter(code="names").exists()


def test_admin_deletes_no_list_that_rules_may_name(client, word_list):
    client.force_login(superuser())
    address = reverse("admin:rules_wordlist_delete", args=[word_list.pk])
    assert client.post(address, {"post": "yes"}).status_code == 403
