from django import forms
from django.utils.translation import gettext_lazy as _

from rules.lifecycle import MOST_WORDS
from rules.models import LONGEST_WORD
from rules.words import read_words


class AddWordsForm(forms.Form):
    """Words to add, one per line, so that a column of a sheet can be pasted."""

    words = forms.CharField(
        label=_("Words to add"),
        help_text=_(
            "One word per line. Capital and small letters count as the same, and so do full and "
            "half width; simplified and traditional Chinese do not."
        ),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        max_length=MOST_WORDS * (LONGEST_WORD + 2),
        error_messages={"required": _("Enter at least one word.")},
    )

    def clean_words(self) -> list[str]:
        return read_words(self.cleaned_data["words"])


class WordFilter(forms.Form):
    q = forms.CharField(
        label=_("Search the words"), required=False, max_length=LONGEST_WORD, strip=True
    )
