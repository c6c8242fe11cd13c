"""Word lists: read, made and described, and their words added and removed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from rules import lifecycle
from rules.lifecycle import MOST_WORDS, WordListError
from rules.models import LONGEST_WORD, Word, WordList
from staff.api.inputs import RenamedIn
from staff.api.people import WhoSerializer
from staff.api.problems import answer_to, declare
from staff.api.schema import described, pages
from staff.api.views import ApiViewSet, filtered

SEE = ("rules.view_wordlist", "rules.change_wordlist")
CHANGE = ("rules.change_wordlist",)

FULL = declare(
    "word_list_refused",
    422,
    gettext_lazy("The word list cannot take this"),
    gettext_lazy("The detail says what is wrong and what to do."),
)
answer_to(WordListError, FULL)


class WordListSerializer(serializers.ModelSerializer):
    """A list of words that rules look for."""

    name = serializers.CharField()
    purpose = serializers.CharField(allow_blank=True)
    size = serializers.IntegerField()

    class Meta:
        model = WordList
        fields = ("id", "code", "name", "purpose", "size")


class PurposesIn(RenamedIn):
    """What a list is called and what it is for; what is left out stays. Its code stays too."""

    purpose_en = serializers.CharField(max_length=300, allow_blank=True, required=False)
    purpose_zh_hans = serializers.CharField(max_length=300, allow_blank=True, required=False)
    purpose_zh_hant = serializers.CharField(max_length=300, allow_blank=True, required=False)


class WordListIn(PurposesIn):
    """A new list."""

    code = serializers.SlugField(max_length=40)
    name_en = serializers.CharField(max_length=120)


class WordSerializer(serializers.ModelSerializer):
    """One word of a list."""

    added_by = WhoSerializer(allow_null=True)

    class Meta:
        model = Word
        fields = ("id", "text", "added_by", "added_at")


class WordsIn(serializers.Serializer):
    """Words to add; case and width count for nothing."""

    words = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_WORD), min_length=1, max_length=MOST_WORDS
    )


class AdditionSerializer(serializers.Serializer):
    """The words that were added; `known` counts those that the list already had."""

    added = WordSerializer(many=True)
    known = serializers.IntegerField()


class WordFilter(forms.Form):
    """Which words are wanted."""

    q = forms.CharField(
        label=gettext_lazy("Search the words"), required=False, max_length=LONGEST_WORD
    )


class WordListViewSet(ApiViewSet):
    """Word lists."""

    access = {
        "list": SEE,
        "retrieve": SEE,
        "words": SEE,
        "create": CHANGE,
        "partial_update": CHANGE,
        "add": CHANGE,
    }

    @described("The word lists, by code", gives=pages(WordListSerializer))
    def list(self, request: Request) -> Response:
        return self.listed(WordList.objects.with_sizes(), WordListSerializer, ("code",))

    @described("One word list", gives=WordListSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self._told(pk)

    @described(
        "Make a list, without words yet",
        takes=WordListIn,
        gives=WordListSerializer,
        status=201,
        example={"code": "lockers", "name_en": "Parcel lockers"},
    )
    def create(self, request: Request) -> Response:
        given = self.given(WordListIn)
        return self._told(lifecycle.enter_list(values=given, by=self.user, at=self.at).pk, 201)

    @described(
        "Say what a list is called and what it is for",
        takes=PurposesIn,
        gives=WordListSerializer,
        example={"purpose_en": "Goods are not left there."},
    )
    def partial_update(self, request: Request, pk: int) -> Response:
        given = self.given(PurposesIn)
        lifecycle.describe_list(word_list_id=pk, values=given, by=self.user, at=self.at)
        return self._told(pk)

    @described(
        "The words of a list, the latest first", gives=pages(WordSerializer), filters=WordFilter
    )
    @action(detail=True)
    def words(self, request: Request, pk: int) -> Response:
        chosen = filtered(WordFilter(request.GET))
        words: Any = WordList.objects.get(pk=pk).words
        found = words.containing(chosen["q"]).select_related("added_by")
        return self.listed(found, WordSerializer, ("-pk",))

    @described(
        "Add words to a list",
        takes=WordsIn,
        gives=AdditionSerializer,
        status=201,
        example={"words": ["P.O. Box"]},
    )
    @words.mapping.post
    def add(self, request: Request, pk: int) -> Response:
        given = self.given(WordsIn)
        made = lifecycle.add_words(word_list_id=pk, texts=given["words"], by=self.user, at=self.at)
        return Response(self.shown(AdditionSerializer, made), 201)

    def _told(self, pk: int, status: int = 200) -> Response:
        found = WordList.objects.with_sizes().get(pk=pk)
        return Response(self.shown(WordListSerializer, found), status)


class WordViewSet(ApiViewSet):
    """Words of lists."""

    tag = "word-lists"
    access = {"destroy": CHANGE}

    @described("Take a word from its list", gives=WordSerializer)
    def destroy(self, request: Request, pk: int) -> Response:
        word = lifecycle.remove_word(word_id=pk, by=self.user, at=self.at)
        return Response(self.shown(WordSerializer, word))
