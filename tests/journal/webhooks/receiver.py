"""A receiver as other people run them: a real server on a port of this machine."""

import json
import ssl
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import trustme

# Who vouches for receiver.test, and whom nobody but tests trusts.
AUTHORITY = trustme.CA()


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict
    body: str

    @property
    def id(self):
        return self.headers["webhook-id"]

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def topic(self):
        return self.json["type"]


class Receiver(ThreadingHTTPServer):
    """Answers 204, or what `answer` (a function of the request) says: status, headers, body."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests, self.answer, self.seconds = [], lambda request: 204, 0
        self.lock, self.busy, self.most_busy = threading.Lock(), 0, 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/hook"

    def handle_error(self, request, client_address):
        pass  # whoever hangs up early is what some tests are about

    @property
    def topics(self):
        return [request.topic for request in self.requests]


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        server, length = self.server, int(self.headers["content-length"])
        got = Request(self.path, dict(self.headers.items()), self.rfile.read(length).decode())
        with server.lock:
            server.requests.append(got)
            server.busy += 1
            server.most_busy = max(server.most_busy, server.busy)
        time.sleep(server.seconds)
        said = server.answer(got)
        status, headers, body = said if isinstance(said, tuple) else (said, {}, b"")
        with server.lock:
            server.busy -= 1
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@contextmanager
def running(server, secure=False):
    """The server on a thread of its own, until the end of the block."""
    if secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        AUTHORITY.issue_cert("receiver.test").configure_cert(context)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
