"""Bring database, translations and static files up to date with the code."""

import os
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand

from config import translations
from config.demo import people
from staff.roles import label


class Command(BaseCommand):
    help = "Migrate, compile translations, collect static files; load the demo if nobody exists."

    def handle(self, *args: Any, **options: Any) -> None:
        self._say("Database ...")
        call_command("migrate", interactive=False, verbosity=0)
        translations.compile_changed()
        self._say("Static files ...")
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        call_command("collectstatic", interactive=False, verbosity=0)
        if os.environ.get("DEMO") != "0" and not get_user_model().objects.exists():
            self._say("Demo company ...")
            call_command("load_demo")
        self._show_sign_ins()

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _show_sign_ins(self) -> None:
        """The demo's people, as long as they exist."""
        names = set(
            get_user_model().objects.filter(is_active=True).values_list("username", flat=True)
        )
        rows = [(str(label(role)), *rest) for role, *rest in people.sign_ins() if rest[0] in names]
        if not rows:
            if not names:
                self._say("No people yet: .venv/bin/python manage.py createsuperuser")
            return
        width = max(len(role) for role, _, _ in rows)
        self._say("\nDemo sign-ins: role, user / password")
        for role, username, password in rows:
            self._say(f"  {role:<{width}}  {username} / {password}")
