import json
import logging
import subprocess
import sys

import pytest

SCRIPT = """
import logging, structlog
from config.logging import configure
configure({"level": "INFO", "style": "%s"})
try:
    password = "hidden" + "-word"
    1 / 0
except ZeroDivisionError:
    structlog.get_logger("orders").exception("failed", number="订单-1")
logging.getLogger("library").info("plain %%s", "words", extra={"size": 3})
logging.getLogger("kombu").info("too much")
"""


def lines(style):
    command = [sys.executable, "-X", "utf8", "-c", SCRIPT % style]
    done = subprocess.run(command, capture_output=True, check=True)
    return done.stderr.decode()


def test_configure_json_writes_one_object_per_event():
    failed, plain = [json.loads(line) for line in lines("json").splitlines()]
    assert (failed["event"], failed["number"], failed["logger"]) == ("failed", "订单-1", "orders")
    assert failed["exception"][0]["exc_type"] == "ZeroDivisionError"
    assert (plain["event"], plain["size"], plain["level"]) == ("plain words", 3, "info")


@pytest.mark.parametrize("style", ["json", "text"])
def test_configure_keeps_what_people_typed_out_of_tracebacks(style):
    written = lines(style)
    assert "ZeroDivisionError" in written
    assert "hidden-word" not in written


def test_settings_leave_the_root_logger_with_one_handler():
    streams = [h for h in logging.getLogger().handlers if type(h) is logging.StreamHandler]
    assert len(streams) == 1
