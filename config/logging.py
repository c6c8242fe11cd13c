"""One log for everything: a line of JSON per event, or of text where a person reads along."""

import logging
import logging.config
from typing import Any

import structlog

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]


def _renderers(style: str) -> list[Any]:
    """How an event becomes a line. Local variables stay out of it: they hold what people typed."""
    if style == "json":
        traceback = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        return [
            structlog.processors.ExceptionRenderer(traceback),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain)]


def configure(options: dict[str, str]) -> None:
    """Route structlog and the standard library's logging to one handler on standard error.

    `options` is settings.LOGGING: `level` (a logging level's name) and `style` ("json" or "text").
    """
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": _SHARED,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *_renderers(options["style"]),
        ],
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"line": formatter},
            "handlers": {"stream": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["stream"], "level": options["level"]},
            "loggers": {name: {"level": "WARNING"} for name in ("axes", "celery.beat", "kombu")},
        }
    )
