from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from journal.models import Entry
from rules import lifecycle
from rules.forms import AddWordsForm, WordFilter
from rules.lifecycle import Addition, WordListError
from rules.models import Word, WordList
from rules.policies import can_change_words
from staff.access import SignedInRequest, needs

WORDS_ON_A_PAGE = 100
CHANGES_SHOWN = 8


@needs("rules.view_wordlist", "rules.change_wordlist")
@require_safe
def word_lists(request: SignedInRequest) -> HttpResponse:
    """All word lists with their purpose and size."""
    return render(request, "rules/word_lists.html", {"word_lists": WordList.objects.with_sizes()})


@needs("rules.view_wordlist", "rules.change_wordlist")
@require_safe
def word_list(request: SignedInRequest, pk: int) -> HttpResponse:
    """The words of one list, newest first, with a search; and adding, by who may."""
    found = get_object_or_404(WordList.objects.with_sizes(), pk=pk)
    return _show(request, found, AddWordsForm())


@needs("rules.change_wordlist")
@require_POST
def add_words(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add the words of a pasted text; with a bad line nothing is added and the text stays."""
    found = get_object_or_404(WordList.objects.with_sizes(), pk=pk)
    form = AddWordsForm(request.POST)
    if form.is_valid():
        try:
            addition = lifecycle.add_words(
                word_list_id=found.pk,
                texts=form.cleaned_data["words"],
                by=request.user,
                at=timezone.now(),
            )
        except WordListError as error:
            form.add_error("words", str(error))
        else:
            messages.success(request, _told(addition))
            return redirect("rules:word_list", pk)
    return _show(request, found, form, status=422)


@needs("rules.change_wordlist")
@require_POST
def remove_word(request: SignedInRequest, pk: int, word_pk: int) -> HttpResponse:
    """Take one word away; the page then offers to put it back."""
    if Word.objects.filter(pk=word_pk, word_list=pk).exists():
        word = lifecycle.remove_word(word_id=word_pk, by=request.user, at=timezone.now())
        request.session["removed_word"] = {"word_list": pk, "text": word.text}
    else:
        messages.info(request, _("The word was already gone."))
    return redirect("rules:word_list", pk)


def _show(
    request: SignedInRequest, found: WordList, form: AddWordsForm, status: int = 200
) -> HttpResponse:
    chosen = WordFilter(request.GET)
    words = chosen.cleaned_data["q"] if chosen.is_valid() else ""
    shown = found.words.containing(words).select_related("added_by").order_by("-pk")
    page = Paginator(shown, WORDS_ON_A_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "word_list": found,
        "form": form,
        "filter": chosen,
        "words": words,
        "page": page,
        "newer": _page_link(request, page.number - 1) if page.has_previous() else "",
        "older": _page_link(request, page.number + 1) if page.has_next() else "",
        "may_change": can_change_words(request.user),
        "removed": _removed_just_now(request, found),
        "changes": [_change(entry) for entry in Entry.objects.about(found)[:CHANGES_SHOWN]],
    }
    return render(request, "rules/word_list.html", context, status=status)


def _removed_just_now(request: SignedInRequest, found: WordList) -> str:
    removed = request.session.get("removed_word")
    if not removed or removed["word_list"] != found.pk:
        return ""
    del request.session["removed_word"]
    return removed["text"]


def _page_link(request: SignedInRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


def _change(entry: Entry) -> dict[str, Any]:
    words = entry.figure("words") or []
    icon = {"word_list.words_added": "plus", "word_list.word_removed": "trash"}.get(entry.action)
    return {
        "title": entry.label,
        "text": " · ".join(words[:10]) + (" …" if len(words) > 10 else ""),
        "who": entry.by or _("The system"),
        "at": entry.at,
        "icon": icon or "pencil",
    }


def _told(addition: Addition) -> str:
    added, known = len(addition.added), addition.known
    if not added:
        return _("The list already had these words.")
    told = ngettext("%(count)s word added.", "%(count)s words added.", added) % {"count": added}
    if not known:
        return told
    also = ngettext(
        "%(told)s %(count)s was in the list already.",
        "%(told)s %(count)s were in the list already.",
        known,
    )
    return also % {"told": told, "count": known}
