"""Word lists: the words that rules look for in addresses, notes and names."""

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models.functions import Trim
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from rules.folding import Position, folded, pattern
from staff.names import Named

LONGEST_WORD = 60


class WordListQuerySet(models.QuerySet["WordList"]):
    """Word lists."""

    def with_sizes(self) -> "WordListQuerySet":
        """Each list with `size`, the number of its words."""
        return self.annotate(size=models.Count("words"))


class WordQuerySet(models.QuerySet["Word"]):
    """Words of lists."""

    def containing(self, part: str) -> "WordQuerySet":
        """Words that contain the part, whatever its case or width."""
        part = part.strip()
        if not part:
            return self
        place = Position(models.F("folded"), folded(models.Value(part)))
        return self.alias(place=place).filter(place__gt=0)

    def patterns(self) -> ArraySubquery:
        """The words as one array of LIKE patterns, evaluated once in the query that uses it."""
        return ArraySubquery(self.order_by().values(like=pattern("folded")).values("like"))


class WordList(Named):
    """A list of words under one code, kept by the people who know them.

    Rules read the words as they are at the moment of evaluation, also when they evaluate the past.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    purpose_en = models.CharField(_("purpose in English"), max_length=300, blank=True)
    purpose_zh_hans = models.CharField(_("purpose in 简体中文"), max_length=300, blank=True)
    purpose_zh_hant = models.CharField(_("purpose in 繁體中文"), max_length=300, blank=True)

    objects = WordListQuerySet.as_manager()

    class Meta:
        verbose_name = _("word list")
        verbose_name_plural = _("word lists")
        ordering = ["code"]
        default_permissions = ("view", "change")

    @property
    def purpose(self) -> str:
        """What the list is for, in the active language."""
        language = get_language() or "en"
        return getattr(self, f"purpose_{language.replace('-', '_')}", "") or self.purpose_en

    def found_in(self, text: str) -> list[str]:
        """The words of the list that stand in a folded text; reads the list once per instance."""
        return [word for fold, word in self._folded_words if fold in text]

    @cached_property
    def _folded_words(self) -> list[tuple[str, str]]:
        return list(self.words.values_list("folded", "text"))


class Word(models.Model):
    """One word of a list. `text` is shown as it was typed, `folded` is what is compared."""

    word_list = models.ForeignKey(
        WordList, models.PROTECT, related_name="words", verbose_name=_("word list")
    )
    text = models.CharField(_("word"), max_length=LONGEST_WORD)
    folded = models.GeneratedField(
        expression=folded("text"),
        output_field=models.CharField(max_length=LONGEST_WORD * 18),
        db_persist=True,
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("added by"),
    )
    added_at = models.DateTimeField(_("added at"))

    objects = WordQuerySet.as_manager()

    class Meta:
        verbose_name = _("word")
        verbose_name_plural = _("words")
        ordering = ["folded"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["word_list", "folded"], name="rules_word_once_in_its_list"
            ),
            models.CheckConstraint(
                condition=models.Q(text=Trim("text")) & ~models.Q(text=""),
                name="rules_word_not_blank",
            ),
        ]

    def __str__(self) -> str:
        return self.text
