from typing import Any

from django.conf import settings
from django.db import models
from django_stubs_ext import StrOrPromise


def person(label: StrOrPromise, **options: Any) -> models.ForeignKey:
    """A field for somebody who had a part in a request; people who had one are never deleted."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        on_delete=models.PROTECT,
        related_name="+",
        **options,
    )
