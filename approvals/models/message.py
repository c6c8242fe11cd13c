from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.enums import MessageKind
from approvals.models.people import person
from approvals.models.request import ApprovalRequest


class Message(models.Model):
    """A question about a request, or a reply: appended, read by all who see the request."""

    request = models.ForeignKey(
        ApprovalRequest,
        verbose_name=_("request"),
        on_delete=models.PROTECT,
        related_name="messages",
    )
    kind = models.CharField(_("kind"), max_length=10, choices=MessageKind.choices)
    by = person(_("who"))
    to = person(_("asked of"), null=True)
    text = models.TextField(_("text"))
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="message_has_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="message_question_is_asked_of_somebody",
                condition=~Q(kind=MessageKind.QUESTION) | Q(to__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.kind}"
