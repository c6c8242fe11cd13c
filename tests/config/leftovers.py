"""English that a page in another language still shows."""

import re
from html.parser import HTMLParser

_SILENT = {"script", "style", "code", "kbd", "svg", "template"}
_VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "wbr",
}
_SPOKEN = ("alt", "aria-label", "data-confirm", "data-label", "placeholder", "title")
_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")

# What is the same in every language. Data is told apart by `known`.
_SAME = re.compile(
    r"""
    [\w.+-]+@[\w-]+(\.[\w-]+)+        # e-mail addresses
    | https?://\S+
    | \b[A-Z]{2,5}-[\w-]+             # numbers of orders, tickets, invoices
    | \b[Pp][1-4]\b                   # severities
    | \b(CNY|AUD|BRL|CAD|CHF|EUR|GBP|HKD|INR|JPY|KRW|MYR|SGD|THB|TWD|USD|VND)\b
    | \b(SKU|SLA|SOP|ID|CSV|VIP|UTF|BOM|XLSX|API|URL|PDF|LDAP|HTTP|HTTPS|MB|KB|UTC|Excel|TSV)\b
    | \b(GB18030|GBK|Big5|UTF-8|Windows-125\d|Latin-\d|ISO-8859-\d+)\b
    | \b(Ordergate|PostgreSQL|Django|English|Webhook|webhook-id|WEBHOOK_INSIDE)\b
    | \b(TOTP|QR|Aegis|FreeOTP|(Google|Microsoft)\ Authenticator)\b
    | \b(Ctrl|Esc|Tab|Enter|Shift)\b
    | \b(OpenAPI|JSON|ETag|application/json|Authorization|Bearer|WMS|GET|POST|PUT)\b
    | \b(Idempotency-Key|If-Match|Retry-After|Allow)\b | https://
    | \d+(\.\d+)?\s?[kKMh]\b | \b[245]xx\b
    | \ \([a-z]\)$                   # the key of a button
    """,
    re.VERBOSE | re.ASCII,
)


class _Reader(HTMLParser):
    """Collects what a person sees or hears of a page."""

    def __init__(self):
        super().__init__()
        self.texts = []
        self.skipped = []  # open tags, from the one that hides on

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if self.skipped or tag in _SILENT or values.get("lang") == "en":
            if tag not in _VOID:
                self.skipped.append(tag)
            return
        self.texts += [values[name] for name in _SPOKEN if values.get(name)]
        if tag == "input" and values.get("type") in ("submit", "button", "reset"):
            self.texts.append(values.get("value") or "")

    def handle_endtag(self, tag):
        if tag in self.skipped:
            while self.skipped.pop() != tag:
                pass

    def handle_data(self, data):
        if not self.skipped:
            self.texts.append(" ".join(data.split()))


def leftovers(html, known=()):
    """The texts of the page with an English word in them; `known` are patterns of its data."""
    reader = _Reader()
    reader.feed(html)
    data = re.compile("|".join(known), re.ASCII) if known else None
    found = {}
    for text in filter(None, reader.texts):
        rest = _SAME.sub(" ", data.sub(" ", text) if data else text)
        if _WORD.search(rest):
            found[text] = None
    return list(found)
