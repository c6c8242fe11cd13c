"""Word lists in the back office: their names and purposes. Words are kept in the product itself."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

from journal.admin import VerbAdmin
from rules import lifecycle
from rules.models import WordList
from rules.policies import can_change_words


@admin.register(WordList)
class WordListAdmin(VerbAdmin):
    list_display = ["code", "name_en", "name_zh_hans", "name_zh_hant"]
    search_fields = ["code", "name_en", "name_zh_hans", "name_zh_hant"]

    def enter(self, values: Mapping[str, Any], **who: Any) -> WordList:
        """By the verb."""
        return lifecycle.enter_list(values=values, **who)

    def change(self, pk: int, values: Mapping[str, Any], **who: Any) -> WordList:
        """By the verb."""
        return lifecycle.describe_list(word_list_id=pk, values=values, **who)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_change_words(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: a rule that names the list would fail. A list nobody needs is emptied instead."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The code of a list that exists stays: rules name the list by it."""
        return ["code"] if obj else []

    def view_on_site(self, obj: WordList) -> str:
        return reverse("rules:word_list", args=[obj.pk])
