import pytest
from django.urls import reverse

from rules.models import Word
from tests.factories.staff import person


@pytest.fixture
def keeper(client, db):
    user = person("warehouse")
    client.force_login(user)
    return user


def page(name, *args):
    return reverse(f"rules:{name}", args=args)


def test_word_lists_shows_each_with_its_size(client, keeper, word_list):
    html = client.get(page("word_lists")).content.decode()
    assert "Islands" in html
    assert "Restricted ship-to words" in html


@pytest.mark.parametrize("lists", [1, 40])
def test_word_list_asks_the_database_as_often_for_many_words(
    client, keeper, word_list, at, lists, django_assert_max_num_queries
):
    Word.objects.bulk_create(
        Word(word_list=word_list, text=f"word {i}", added_at=at, added_by=keeper)
        for i in range(lists)
    )
    client.get(page("word_list", word_list.pk))
    with django_assert_max_num_queries(12):
        client.get(page("word_list", word_list.pk))


def test_word_list_searches_whatever_the_case(client, keeper, word_list):
    html = client.get(page("word_list", word_list.pk), {"q": "iSL"}).content.decode()
    assert 'name="q" value="iSL"' in html
    assert "<mark>Isl</mark>e" in html
    assert "海岛" not in html
    html = client.get(page("word_list", word_list.pk), {"q": "%"}).content.decode()
    assert "100<mark>%</mark>" in html
    assert "Isle" not in html


def test_word_list_says_why_it_shows_nothing(client, keeper, word_list):
    html = client.get(page("word_list", word_list.pk), {"q": "zzz"}).content.decode()
    assert "No word of this list contains that" in html
    word_list.words.all().delete()
    html = client.get(page("word_list", word_list.pk)).content.decode()
    assert "This list is empty" in html


def test_word_list_offers_changes_only_to_the_entitled(client, word_list):
    client.force_login(person("customer_service"))
    html = client.get(page("word_list", word_list.pk)).content.decode()
    assert "Isle" in html
    assert "Add words" not in html
    assert "Remove" not in html
    assert client.post(page("add_words", word_list.pk), {"words": "Atoll"}).status_code == 403


def test_add_words_adds_a_pasted_column(client, keeper, word_list):
    answer = client.post(
        page("add_words", word_list.pk), {"words": "Atoll\nReef\nisle\n"}, follow=True
    )
    assert "2 words added. 1 was in the list already." in answer.content.decode()
    assert word_list.words.filter(added_by=keeper).count() == 2


def test_add_words_keeps_the_text_and_adds_nothing_when_a_line_is_bad(client, keeper, word_list):
    answer = client.post(page("add_words", word_list.pk), {"words": "Atoll\na"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "Line 2:" in html
    assert "Atoll" in html
    assert word_list.words.count() == 6


def test_add_words_shows_markup_as_text(client, keeper, word_list):
    answer = client.post(
        page("add_words", word_list.pk), {"words": "<script>alert(1)</script>"}, follow=True
    )
    html = answer.content.decode()
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_remove_word_offers_to_put_it_back(client, keeper, word_list):
    word = word_list.words.get(text="Isle")
    remove = page("remove_word", word_list.pk, word.pk)
    html = client.post(remove, follow=True).content.decode()
    assert "“Isle” was removed." in html
    assert '<input type="hidden" name="words" value="Isle">' in html
    assert "was removed" not in client.get(page("word_list", word_list.pk)).content.decode()


def test_remove_word_twice_is_harmless(client, keeper, word_list):
    remove = page("remove_word", word_list.pk, word_list.words.first().pk)
    client.post(remove)
    assert "already gone" in client.post(remove, follow=True).content.decode()
    assert word_list.words.count() == 5


@pytest.mark.parametrize("name", ["word_list", "add_words"])
def test_pages_of_an_unknown_list_are_not_found(client, keeper, name):
    method = client.get if name == "word_list" else client.post
    assert method(page(name, 404)).status_code == 404
