"""Addresses of resources: `orders/`, `orders/4711/`, `orders/4711/submit/`."""

from django.urls import register_converter
from rest_framework.routers import SimpleRouter


class IdConverter:
    """An id as columns hold it; whatever is longer leads nowhere."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(IdConverter, "id")


class Router(SimpleRouter):
    """The router of the API; a resource's basename names its addresses and operations."""

    def __init__(self) -> None:
        super().__init__(use_regex_path=False)
