"""For whoever operates the server: let somebody in who lost phone and recovery codes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from staff.models import User
from staff.second_step.errors import SecondStepError
from staff.second_step.lifecycle import reset


class Command(BaseCommand):
    help = "Reset the second step of somebody's sign-in, when no administrator can."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--reason", required=True, help="for the journal")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(username=options["username"]).first()
        if person is None:
            raise CommandError(f"Nobody signs in as {options['username']}.")
        try:
            reset(user_id=person.pk, reason=options["reason"], by=None, at=timezone.now())
        except SecondStepError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"The second step of {person.username} is reset.")
