"""Things as serializers read them, with more or other members than they have."""

from typing import Any


class Whole:
    """The thing, with more or other members."""

    def __init__(self, thing: Any, **more: Any) -> None:
        self._thing, self._more = thing, more

    def __getattr__(self, name: str) -> Any:
        more = self.__dict__["_more"]
        return more[name] if name in more else getattr(self.__dict__["_thing"], name)
