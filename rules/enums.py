from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from journal.actions import declare_actions


@declare_actions
class WordListAction(TextChoices):
    """What the journal says about word lists."""

    CHANGED = "word_list.changed", _("Word list changed")
    WORDS_ADDED = "word_list.words_added", _("Words added")
    WORD_REMOVED = "word_list.word_removed", _("Word removed")
