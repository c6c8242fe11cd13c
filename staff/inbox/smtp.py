"""Django's SMTP backend, able to say whether a mail can have left when something went wrong."""

import smtplib
from contextlib import suppress
from typing import Any

from django.core.mail.backends.smtp import EmailBackend as DjangoEmailBackend


class InDoubt(Exception):
    """The mail was handed over and no clear answer came: the server may have taken it."""


class _HandOver:
    """Remembers that a mail began to leave, until an answer comes to it."""

    in_doubt = False

    def data(self, msg: Any) -> Any:
        self.in_doubt = True
        try:
            answer = super().data(msg)  # type: ignore[misc]
        except smtplib.SMTPDataError:
            self.in_doubt = False  # it refused before it was given anything
            raise
        self.in_doubt = answer[0] < 200
        return answer


class _Plain(_HandOver, smtplib.SMTP):
    pass


class _Encrypted(_HandOver, smtplib.SMTP_SSL):
    pass


class EmailBackend(DjangoEmailBackend):
    """Raises InDoubt where trying again could send twice; any other error means: not sent."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _Encrypted if self.use_ssl else _Plain

    def send_messages(self, email_messages: Any) -> int:
        """Send them; a connection opened for this alone is closed, and may fail to, unheard."""
        opened = self.open()
        try:
            return super().send_messages(email_messages) or 0
        except (OSError, smtplib.SMTPException) as error:
            if getattr(self.connection, "in_doubt", False):
                raise InDoubt(str(error)) from error
            raise
        finally:
            if opened:
                with suppress(OSError, smtplib.SMTPException):
                    self.close()
