"""Answers to what packages further down found, inside the same transaction."""

from datetime import datetime

from django.dispatch import receiver

from credit.models import ReconciliationRun
from credit.signals import books_compared
from exceptions.process import books


@receiver(books_compared)
def note_books(*, run: ReconciliationRun, at: datetime, **_signal: object) -> None:
    books.note(found=run.found, at=at)
