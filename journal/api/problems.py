"""How the API answers what is refused about attached files and webhooks."""

from django.utils.translation import gettext_lazy as _

from journal.attachments.errors import FileRefused
from journal.webhooks.errors import WebhookError
from staff.api.problems import answer_to, declare

FILE = declare(
    "file_refused",
    422,
    _("The file is not taken, or not removed"),
    _("The detail says what is wrong and what to do."),
)
WEBHOOK = declare(
    "webhook_refused",
    422,
    _("The webhook cannot be like this"),
    _("The detail says what is wrong and what to do."),
)

answer_to(FileRefused, FILE)
answer_to(WebhookError, WEBHOOK)
