"""A request that is sent twice is done once (the IETF draft on the Idempotency-Key header).

The answer is kept in the transaction of the work, so that neither is there without the other. A
repeated request gets the first answer back; the same key with another request is refused, and so is
one whose first sending is still being worked on. Refusals that a correction heals (400, 401, 403,
404, 429) are not kept, since nothing was done.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from staff.api.models import KeptAnswer
from staff.api.problems import KEY_TAKEN, MALFORMED, REPEATED_TOO_SOON, Problem
from staff.batch import Batch
from staff.models import User
from staff.prepared import ask
from staff.savepoints import without_savepoints

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT_FOR = timedelta(hours=48)
_LONGEST = 255
_QUOTED = re.compile(r'"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"')
_BARE = re.compile(r"[\x21\x23-\x7e]+")
# Answers to work that was done, or refused for good as things stood.
_KEPT = (409, 412, 422)
_HEADERS = ("ETag", "Location")

# The lock is held until the transaction ends. The look may just miss an answer that is committed
# while the lock is free again; then the unique row tells.
_CLAIM = """
    SELECT pg_try_advisory_xact_lock(%s),
        (SELECT id FROM staff_keptanswer WHERE user_id = %s AND idempotency_key = %s)
"""


class _Refused(Exception):
    """Ends the transaction of work that was refused with this answer."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__(response.status_code)
        self.response = response


def key_in(request: Request) -> str:
    """The key of the request, "" without one; quoted as the draft wants it, or bare.

    Raises Problem for a header that is neither.
    """
    header = request.headers.get(HEADER, "").strip()
    if not header:
        return ""
    quoted = _QUOTED.fullmatch(header)
    if quoted:
        key = re.sub(r"\\(.)", r"\1", quoted.group(1))
    else:
        key = header if _BARE.fullmatch(header) else ""
    if not 0 < len(key) <= _LONGEST:
        raise Problem(
            MALFORMED,
            _("The idempotency key has 1 to %(most)s printable characters.") % {"most": _LONGEST},
        )
    return key


def once(
    request: Request, key: str, *, by: User, at: datetime, work: Callable[[], HttpResponse]
) -> HttpResponse:
    """The answer of `work`, or the one that was given when this request came first.

    Raises Problem for a key that belongs to another request, or whose first sending is not done.
    """
    asked = _hash(request)
    try:
        with transaction.atomic():
            kept = _claim(by, key)
            if kept is None:
                response = work()
                if response.status_code < 300 or response.status_code in _KEPT:
                    _keep(by, key, asked, response, at)
                return response
    except IntegrityError as error:
        # Somebody's answer was committed between our look and our claim.
        kept = _find(by, key)
        if kept is None:
            raise error
    return _again(kept, asked)


def once_or_nothing(
    request: Request, key: str, *, by: User, at: datetime, work: Callable[[], HttpResponse]
) -> HttpResponse:
    """As `once`, for work whose refusal undoes all of it, so that it needs no savepoints.

    A refusal is kept in a transaction of its own.
    """

    def whole() -> HttpResponse:
        with without_savepoints():
            response = work()
        if response.status_code >= 400:
            raise _Refused(response)
        return response

    try:
        return once(request, key, by=by, at=at, work=whole)
    except _Refused as refused:
        response = refused.response
    return once(request, key, by=by, at=at, work=lambda: response)


def prune(at: datetime) -> int:
    """Forget answers older than `KEPT_FOR`; how many."""
    return KeptAnswer.objects.filter(at__lt=at - KEPT_FOR)._raw_delete("default")


def _claim(user: User, key: str) -> KeptAnswer | None:
    """Take the key for this transaction, or find its answer. Raises Problem while it is taken."""
    digest = sha256(f"{user.pk}:{key}".encode()).digest()
    lock = int.from_bytes(digest[:8], "big", signed=True)
    free, kept = ask((_CLAIM, [lock, user.pk, key])) or (False, None)
    if not free:
        raise Problem(REPEATED_TOO_SOON)
    return KeptAnswer.objects.get(pk=kept) if kept else None


def _find(user: User, key: str) -> KeptAnswer | None:
    return KeptAnswer.objects.filter(user=user.pk, idempotency_key=key).first()


def _keep(user: User, key: str, asked: str, response: HttpResponse, at: datetime) -> None:
    batch = Batch()
    answer = KeptAnswer(
        user_id=user.pk,
        idempotency_key=key,
        request_hash=asked,
        status=response.status_code,
        content_type=response["Content-Type"],
        headers={name: response[name] for name in _HEADERS if name in response},
        body=response.content.decode(),
        at=at,
    )
    batch.insert([answer])
    batch.send()


def _again(kept: KeptAnswer, asked: str) -> HttpResponse:
    if kept.request_hash != asked:
        raise Problem(KEY_TAKEN)
    response = HttpResponse(
        kept.body, status=kept.status, content_type=kept.content_type, headers=kept.headers
    )
    response[REPLAYED] = "true"
    return response


def _hash(request: Request) -> str:
    asked = request._request
    parts = (asked.method or "", asked.get_full_path(), request.headers.get("If-Match", ""))
    head = "\n".join(parts).encode()
    if asked.content_type == "multipart/form-data":
        return sha256(head + b"\n" + _files(asked)).hexdigest()
    return sha256(head + b"\n" + asked.body).hexdigest()


def _files(asked: HttpRequest) -> bytes:
    """What a form says: its boundary is another one each time that it is sent."""
    found = sha256(repr(sorted(asked.POST.lists())).encode())
    for name, files in sorted(asked.FILES.lists()):
        for file in files:
            found.update(f"{name}\n{file.name}\n{file.size}\n".encode())
            for chunk in file.chunks():
                found.update(chunk)
            file.seek(0)
    return found.digest()
