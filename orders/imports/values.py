"""From the text in a cell to a value, or to the problem with it."""

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from credit.models.customer import CODE as CODE_RULE
from credit.money import CURRENCIES
from orders.enums import PaymentMethod
from orders.imports import fields
from orders.imports.fields import LARGEST_OF, Field
from orders.imports.mapping import flag_of, fold, method_of, status_of, words_of
from orders.imports.moments import MomentReader
from orders.imports.options import Options
from orders.imports.problems import BadValue, Notes

_CODES = {code for code, _label in CURRENCIES}
_OTHER_NAMES = {
    "RMB": "CNY",
    "人民币": "CNY",
    "人民幣": "CNY",
    "NTD": "TWD",
    "新台幣": "TWD",
    "R$": "BRL",
}
_POINT = re.compile(r"-?(\d+|\d{1,3}(?:,\d{3})+)(\.\d+)?\Z")
_COMMA = re.compile(r"-?(\d+|\d{1,3}(?:\.\d{3})+)(,\d+)?\Z")
_SIGNS = re.compile(r"^(-?)\s*(?:R\$|US\$|NT\$|HK\$|[¥￥$€£])\s*|\s*[元%％]$")
# No text in the database has zero bytes or halves of characters.
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
# The pattern that codes of customers and products follow everywhere.
CODE_PATTERN = CODE_RULE.regex
_DECIMALS = {fields.QUANTITY: 3, fields.PIECES: 3}

# Values as they are kept on the way: texts, also for figures and moments.
Value = str


class ValueReader:
    """Reads the cells of one import."""

    def __init__(self, options: Options, now: datetime, notes: Notes) -> None:
        self.options = options
        self.notes = notes
        self.number = _COMMA if options.decimal_comma else _POINT
        self.moments = MomentReader(
            options.date_form,
            options.time_zone,
            now,
            lambda text: notes.add("skipped_hour", text),
        )
        self._readers: dict[str, Callable[[Field, str], Value]] = {
            fields.TEXT: self._text,
            fields.CODE: self._code,
            fields.MOMENT: self._moment,
            fields.DATE: self._date,
            fields.FLAG: self._flag,
            fields.CURRENCY: self._currency,
            fields.STATUS: self._status,
            fields.METHOD: self._method,
            fields.WORD: self._word,
        }

    def read(self, field: Field, text: str) -> Value | None:
        """The value of a cell, None for an empty one. Raises BadValue."""
        if not text:
            if field.required:
                raise BadValue("missing_value")
            return None
        if not text.isprintable() and _UNWRITABLE.search(text):
            raise BadValue("unwritable")
        return self._readers.get(field.type, self._figure)(field, text)

    def _text(self, field: Field, text: str) -> Value:
        if len(text) > field.longest:
            raise BadValue("too_long", found=len(text), most=field.longest)
        if field.code == "email":
            try:
                validate_email(text)
            except ValidationError as error:
                raise BadValue("bad_email") from error
        return text

    def _code(self, field: Field, text: str) -> Value:
        self._text(field, text)
        if not re.match(CODE_PATTERN, text):
            raise BadValue("bad_code")
        return text

    def _moment(self, field: Field, text: str) -> Value:
        return self.moments.read(text, future=field.future).isoformat()

    def _date(self, field: Field, text: str) -> Value:
        moment = self.moments.read(text, future=field.future)
        return moment.astimezone(self.moments.zone).date().isoformat()

    def _flag(self, _field: Field, text: str) -> Value:
        flag = flag_of(text)
        if flag is None:
            raise BadValue("bad_flag")
        return "yes" if flag else ""

    def _currency(self, _field: Field, text: str) -> Value:
        code = _OTHER_NAMES.get(text.upper(), text.upper())
        if code not in _CODES:
            raise BadValue("bad_currency", examples="CNY, USD, EUR")
        return code

    def _status(self, _field: Field, text: str) -> Value:
        status = status_of(text, self.options.status_words)
        if status is None:
            raise BadValue("unknown_status")
        return status

    def _method(self, _field: Field, text: str) -> Value:
        method = method_of(text)
        if method is None:
            self.notes.add("unknown_method", text)
        return method or PaymentMethod.OTHER

    def _word(self, field: Field, text: str) -> Value:
        known = words_of(field)
        if fold(text) not in known:
            raise BadValue("bad_word", words=", ".join(code for code, _label in field.words))
        return known[fold(text)]

    def _figure(self, field: Field, text: str) -> Value:
        figure = self._decimal(text)
        most = LARGEST_OF[field.type]
        decimals = _DECIMALS.get(field.type, 2)
        if field.type == fields.QUANTITY and figure <= 0:
            raise BadValue("not_positive")
        if figure < 0:
            raise BadValue("negative")
        if figure > most:
            raise BadValue("too_big", most=most)
        if field.type == fields.DAYS and figure != int(figure):
            raise BadValue("not_whole")
        if figure != round(figure, decimals):
            raise BadValue("decimals", most=decimals)
        return str(int(figure)) if field.type == fields.DAYS else str(figure)

    def _decimal(self, text: str) -> Decimal:
        plain = _SIGNS.sub(r"\1", text)
        if not self.number.match(plain):
            other = _POINT if self.options.decimal_comma else _COMMA
            raise BadValue("comma_number" if other.match(plain) else "bad_number")
        if self.options.decimal_comma:
            return Decimal(plain.replace(".", "").replace(",", "."))
        return Decimal(plain.replace(",", ""))
