"""Things side by side, set apart as the reader's language does."""

from collections.abc import Iterable

from django.utils.translation import pgettext


def listed(parts: Iterable[object]) -> str:
    """The parts in their order: 'limit, overdue'; '' where there are none."""
    # Translators: what stands between the parts of a list, such as names or reasons.
    return pgettext("between the parts of a list", ", ").join(map(str, parts))
