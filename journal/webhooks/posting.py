"""One request to a receiver, bounded in time and size, to an address that was judged before.

Nothing here knows the database: it runs in threads of its own.
"""

import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError
from urllib3.exceptions import SSLError as TLSError

from journal.webhooks.addresses import AddressRefused, Resolve, Target, resolve, system_resolve
from journal.webhooks.enums import Cause

CONNECT_SECONDS = 5
ANSWER_SECONDS = 10  # for each word of the answer
WHOLE_SECONDS = 15  # for everything after the name is looked up
MOST_READ = 4_096
KEPT = 1_000
MOST_ADDRESSES = 3
_GONE = 410
_AGENT = "Ordergate-Webhooks/1"


@dataclass(frozen=True)
class Answer:
    """What came of a request; without a cause it was taken. `asked` is Retry-After."""

    cause: Cause = Cause.NONE
    status: int | None = None
    milliseconds: int = 0
    text: str = ""
    error: str = ""
    asked: timedelta | None = None


def post(
    url: str,
    body: str,
    headers: Mapping[str, str],
    *,
    look_up: Resolve = system_resolve,
    whole: float = WHOLE_SECONDS,
) -> Answer:
    """Send `body` once. Redirects are not followed; no proxy is used. Raises nothing expected."""
    started = time.monotonic()
    try:
        targets = resolve(url, look_up)[:MOST_ADDRESSES]
    except AddressRefused as error:
        return Answer(Cause.REFUSED, error=_short(error))
    except (OSError, UnicodeError) as error:
        return Answer(Cause.UNKNOWN_HOST, error=_short(error))
    try:
        return _exchange(targets, body, headers, started, whole)
    except (OSError, HTTPError, HTTPException, ValueError) as error:
        cause = _cause(error, started, whole)
        return Answer(cause, milliseconds=_since(started), error=_short(error))


def _exchange(
    targets: list[Target], body: str, headers: Mapping[str, str], started: float, whole: float
) -> Answer:
    try:
        connection = _connected(targets)
    except (NewConnectionError, ConnectionError) as error:
        return Answer(Cause.UNREACHABLE, milliseconds=_since(started), error=_short(error))
    # Every word is bounded by the timeout of the socket; this bounds who says many, slowly.
    alarm = threading.Timer(max(0.1, started + whole - time.monotonic()), _shut, [connection])
    alarm.start()
    try:
        host = {"host": targets[0].authority, "user-agent": _AGENT}
        response, text = _said(connection, targets[0].path, body, {**headers, **host})
    finally:
        alarm.cancel()
        with suppress(OSError):
            connection.close()
    if _broken(started, whole) == Cause.TIMEOUT:  # headers that were cut off look complete
        raise TimeoutError(f"no complete answer in {whole:g} s")
    return Answer(
        _judged(response.status),
        status=response.status,
        milliseconds=_since(started),
        text=text.decode("utf-8", "replace").replace("\x00", "")[:KEPT],
        asked=_asked(response.headers.get("retry-after", "")),
    )


def _said(
    connection: HTTPConnection, path: str, body: str, headers: Mapping[str, str]
) -> tuple[Any, bytes]:
    """The answer and the beginning of its body; all of it would be read without the last word."""
    connection.request("POST", path, body=body.encode(), headers=headers, preload_content=False)
    response: Any = connection.getresponse()
    return response, response.read(MOST_READ, decode_content=False)


def _connected(targets: list[Target]) -> HTTPConnection:
    """A connection to the first of the judged addresses that answers."""
    for target in targets[:-1]:
        with suppress(OSError, HTTPError):
            return _connect(target)
    return _connect(targets[-1])


def _connect(target: Target) -> HTTPConnection:
    if not target.secure:
        plain = HTTPConnection(target.address, target.port, timeout=CONNECT_SECONDS)
        plain.connect()
        plain.sock.settimeout(ANSWER_SECONDS)
        return plain
    connection = HTTPSConnection(
        target.address,
        target.port,
        timeout=CONNECT_SECONDS,
        ssl_context=ssl.create_default_context(),
        server_hostname=target.host,  # whom the certificate must name
    )
    connection.connect()
    connection.sock.settimeout(ANSWER_SECONDS)
    return connection


def _shut(connection: HTTPConnection) -> None:
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)


def _judged(status: int) -> Cause:
    if 200 <= status < 300:
        return Cause.NONE
    if status == _GONE:
        return Cause.GONE
    return Cause.REDIRECT if 300 <= status < 400 else Cause.STATUS


def _asked(header: str) -> timedelta | None:
    """Retry-After, in seconds or as a date; None where it says nothing sensible."""
    if header.isdecimal() and len(header) < 8:
        return timedelta(seconds=int(header))
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)


def _cause(error: Exception, started: float, whole: float) -> Cause:
    if isinstance(error, ssl.SSLError | TLSError):
        return Cause.TLS
    if isinstance(error, TimeoutError | ConnectTimeoutError):
        return Cause.TIMEOUT
    return _broken(started, whole)


def _broken(started: float, whole: float) -> Cause:
    return Cause.TIMEOUT if time.monotonic() - started >= whole else Cause.BROKEN_OFF


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1_000)


def _short(error: BaseException) -> str:
    return (str(error) or type(error).__name__).replace("\x00", "")[:KEPT]
