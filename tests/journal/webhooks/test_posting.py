"""Requests to receivers that misbehave."""

import socket
import threading
import time
from contextlib import contextmanager

import pytest

from journal.webhooks.enums import Cause
from journal.webhooks.posting import post


@contextmanager
def misbehaving(talk):
    """A server that takes a connection and does as `talk` says; its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def serve():
        client, _address = listening.accept()
        with client:
            client.settimeout(5)
            client.recv(65_536)
            talk(client, done)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        done.set()
        thread.join()
        listening.close()


def drip(client, done):
    client.sendall(b"HTTP/1.1 200 OK\r\n")
    while not done.wait(0.05):
        try:
            client.sendall(b"X-A: b\r\n")
        except OSError:
            return


def test_post_ends_an_answer_that_never_ends():
    with misbehaving(drip) as url:
        started = time.monotonic()
        answer = post(url, "{}", {}, whole=0.4)
        assert answer.cause == Cause.TIMEOUT and 0.3 < time.monotonic() - started < 2


def test_post_ends_silence():
    with misbehaving(lambda client, done: done.wait(5)) as url:
        assert post(url, "{}", {}, whole=0.3).cause == Cause.TIMEOUT


@pytest.mark.parametrize("said", [b"", b"nonsense\r\n\r\n", b"\x00\x01\x02"])
def test_post_survives_what_is_no_answer(said):
    with misbehaving(lambda client, done: client.sendall(said) if said else None) as url:
        assert post(url, "{}", {}).cause == Cause.BROKEN_OFF


def test_post_to_nobody_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    answer = post(f"http://127.0.0.1:{port}/", "{}", {})
    assert (answer.cause, answer.status) == (Cause.UNREACHABLE, None) and answer.error


def test_post_tries_the_next_address_of_a_name(receiver):
    url = f"http://two.test:{receiver.server_port}/"
    answer = post(url, "{}", {}, look_up=lambda host, port: ["127.0.0.3", "127.0.0.1"])
    assert answer.status == 204


def test_post_to_an_unknown_name_says_so():
    def nobody(host, port):
        raise socket.gaierror(-2, "Name or service not known")

    answer = post("http://nobody.test/", "{}", {}, look_up=nobody)
    assert answer.cause == Cause.UNKNOWN_HOST and "not known" in answer.error


STATUSES = [
    (200, ""),
    (299, ""),
    (301, "redirect"),
    (400, "status"),
    (410, "gone"),
    (503, "status"),
]


@pytest.mark.parametrize(("status", "cause"), STATUSES)
def test_post_judges_the_status(status, cause, receiver):
    receiver.answer = lambda request: status
    answer = post(receiver.url, "{}", {})
    assert (answer.status, answer.cause) == (status, cause)
