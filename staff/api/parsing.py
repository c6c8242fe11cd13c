"""How bodies are read and answers written: JSON in, JSON out, whatever a header asks for.

Files alone come as a form, where a view has only the parser of forms.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import JSONParser


class Json(JSONParser):
    """JSON that is also refused where it is nested beyond sense."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """What the body says. Raises ParseError."""
        try:
            found = super().parse(stream, media_type, parser_context)
        except (RecursionError, UnicodeError) as error:
            raise ParseError(_("The body is not valid JSON.")) from error
        if not isinstance(found, Mapping | list):
            raise ParseError(_("The body has to be a JSON object."))
        return found


class JsonOnly(BaseContentNegotiation):
    """There is one way to answer, so that nothing is negotiated."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        """The parser for the body's type; a body without a type counts as JSON."""
        given = (request.content_type or "").partition(";")[0].strip().lower()
        if parsers[0].media_type == "multipart/form-data":
            return parsers[0] if given == "multipart/form-data" else None
        known = given in ("", "application/json") or given.endswith("+json")
        return parsers[0] if known else None

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        """The one renderer."""
        return renderers[0], renderers[0].media_type
