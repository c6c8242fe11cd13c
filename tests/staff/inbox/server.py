"""A real SMTP server in a thread, which can be told to behave badly."""

import email
import email.policy
import socket
from collections import Counter

from aiosmtpd.controller import Controller


class MailServer:
    """Takes mail until `answers` says otherwise: what to answer to "MAIL", "RCPT" or "DATA".

    An answer is a line such as "451 later", or "hang up". After "keep and hang up" to DATA the
    mail is in `mails` all the same: taken, and nobody told so.
    """

    def __init__(self):
        self.mails, self.answers = [], {}
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port())
        self.port = self.controller.port

    def __enter__(self):
        self.controller.start()
        return self

    def __exit__(self, *error):
        self.stop()

    def stop(self):
        if self.controller.loop.is_running():
            self.controller.stop()

    def copies(self):
        """How often each mail came, by Message-ID."""
        return Counter(mail["Message-ID"] for mail in self.mails)

    async def handle_MAIL(self, server, session, envelope, address, options):
        answer = self._answer("MAIL", server)
        if not answer:
            envelope.mail_from = address
        return answer or "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self._answer("RCPT", server)
        if not answer:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answers.get("DATA", "keep").startswith("keep"):
            parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self.mails.append(parsed)
        return self._answer("DATA", server) or "250 taken"

    def _answer(self, command, server):
        answer = self.answers.get(command, "")
        if answer.endswith("hang up"):
            server.transport.abort()
            return "421 gone"
        return answer


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]
