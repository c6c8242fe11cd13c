"""Who may do what with word lists."""

from django.contrib.auth.models import AnonymousUser

from staff.models import User


def can_change_words(user: User | AnonymousUser) -> bool:
    """Whether `user` may add and remove words."""
    return user.has_perm("rules.change_wordlist")
