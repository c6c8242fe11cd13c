import logging
import os
from functools import partial
from itertools import product

import pytest
from django.contrib import admin
from django.urls import reverse

from config import translations
from exceptions.detect import scan
from exceptions.models import Ticket
from tests.config.addresses import World, every_address
from tests.config.leftovers import leftovers
from tests.factories import credit, orders
from tests.factories.moments import DAY, NOW
from tests.factories.staff import person, superuser

CATALOGUE = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Order"
msgstr "订单"

msgid "Ticket"
msgstr ""

#, fuzzy
msgid "Limit"
msgstr "额度"
"""


def catalogue(folder):
    file = folder / "zh_Hans" / "LC_MESSAGES" / "django.po"
    file.parent.mkdir(parents=True)
    file.write_text(CATALOGUE, encoding="utf-8")
    return file


def test_compile_changed_writes_what_gettext_reads(tmp_path):
    import gettext

    target = catalogue(tmp_path).with_suffix(".mo")
    assert translations.compile_changed(tmp_path) == [target]
    with target.open("rb") as file:
        read = gettext.GNUTranslations(file)
    assert read.gettext("Order") == "订单"
    assert read.gettext("Limit") == "Limit"


def test_compile_changed_leaves_what_is_up_to_date(tmp_path):
    source = catalogue(tmp_path)
    translations.compile_changed(tmp_path)
    assert translations.compile_changed(tmp_path) == []
    later = source.stat().st_mtime + 5
    os.utime(source, (later, later))
    assert len(translations.compile_changed(tmp_path)) == 1


def test_missing_names_the_untranslated_and_the_doubtful(tmp_path):
    catalogue(tmp_path)
    assert [line.rsplit(": ", 1)[1] for line in translations.missing(tmp_path)] == [
        "Ticket",
        "Limit",
    ]


# What the objects of these tests say, and what people call things that have one name only.
KNOWN = (
    r"(Person|Customer|Product|Segment) \d+",
    r"\b(C|SKU)\d{5}\b",
    r"\b(person|superuser|segment)\d+\b",
    r"\b(CST|HKT)\b",  # the abbreviation that follows an exact time
    r"5 Quay Street|\bguarantee\.pdf|^pdf$",  # an address, a file and its ending
    r"bank guarantee|Acme & Söhne|Asia/Shanghai",
    r"which door\?|will pay|too much|not wanted|wrong lines|~nothing~|^damaged$",
    r"parcel locker|freight forwarder|P\.O\. Box|Restricted ship-to words",  # of the word lists
    r"\b[a-z]+(_[a-z0-9]+)+\b",  # codes, such as those of rules and causes
    r"^(credit|finance|it|oversold|sales|warehouse)$",
    r"^[A-Z]$",  # stands for the picture of a person
    r"\b[A-E]：",  # risk classes
    r"^(AAA?|BBB?|CCC?)$",  # ratings
    r"\bstandard\b|^(construction|logistics|manufacturing|retail|wholesale)$",  # codes
    r"complaints 12 and 15|Warehouse system",
    r"\bms\b",
    r"\b(Warehouse|System) \d+\b|\b[MW]\d+\b",
    r"^orders\.csv",
    # Members of answers, on the pages about the problems of the API.
    r"\b(detail|errors|existing|actions|next|previous)\b(?=[ 。])",
    r"^(True|False|Search)$|LDAP",  # Django's own marks in the back office
)
# What every order form sends, however little was typed.
SENT = {"lines-TOTAL_FORMS": 1, "lines-INITIAL_FORMS": 0, "currency": "CNY", "seen_version": 1}
LANGUAGES = ("zh-hans", "zh-hant")
CHANGES_THE_READER = ("/sign-out/", "/profile/", "/language/", "/theme/")
ROLES = ("sales", "credit_analyst", "finance", "warehouse")


class Company(World):
    """An order in every state, and tickets that a scan opened."""

    def play(self):
        own = partial(dict, owner=self.owner)
        made = [orders.in_state("draft"), orders.released(**own()), orders.shipped(**own())]
        made += [orders.delivered(**own()), orders.completed(**own())]
        made += [orders.reject(orders.failed(**own())), orders.approve(orders.failed(**own()))]
        made += [orders.cancel(orders.released(**own()))]
        paid = orders.pay(orders.released(**own()), happened_at=NOW - DAY - DAY)
        shipped = orders.pay(orders.released(**own()), happened_at=NOW - DAY - DAY)
        credit.invoice(shipped.account, "40.00", (NOW - 40 * DAY).date())
        scan.run(NOW)
        orders.ship(shipped)
        scan.run(NOW + DAY)
        self.orders = [*made, paid, shipped]
        return self

    def urls(self):
        """Addresses of every kind of page, and of the same kind in other states."""
        found = [address.url(self) for address in every_address() if not address.in_admin]
        found += [reverse("orders:detail", args=[order.pk]) for order in self.orders]
        found += [reverse("exceptions:ticket", args=[t.pk]) for t in Ticket.objects.all()]
        views = ("orders:list", "approvals:list", "exceptions:tickets", "credit:customers")
        found += [f"{reverse(name)}?q=~nothing~" for name in views]
        return [*dict.fromkeys(found), "/search/?q=~nothing~", "/no/such/page/"]


def admin_urls():
    """Lists and forms of the back office."""
    for model in admin.site._registry:
        for page in ("changelist", "add"):
            yield reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")
    yield reverse("admin:index")


def refuse_english(client, urls, *, post=False):
    """Fail with a list of the English texts left in each language, and a page that shows each."""
    found = {}
    ask = partial(client.post, data=SENT, follow=True) if post else client.get
    for language, url in product(LANGUAGES, urls):
        answer = ask(url, headers={"accept-language": language})
        if answer.streaming:
            answer.getvalue()  # to its end, where a file is closed
        elif "text/html" in answer.headers.get("Content-Type", ""):
            for text in leftovers(answer.content.decode(), KNOWN):
                found.setdefault((language, text), url)
    lines = [f"{language} {text!r} on {url}" for (language, text), url in sorted(found.items())]
    if lines:
        pytest.fail("\n".join([f"{len(lines)} texts in English:", *lines]), pytrace=False)


@pytest.fixture
def company(db):
    # Every refused page would be logged with its traceback.
    logging.disable(logging.CRITICAL)
    yield Company().play()
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("role", ROLES)
def test_pages_leave_no_english(role, company, client):
    client.force_login(company.owner if role == "sales" else person(role))
    refuse_english(client, company.urls())


def test_pages_before_sign_in_leave_no_english(company, client):
    refuse_english(client, ["/sign-in/", "/no/such/page/"])


def test_refusals_of_empty_forms_leave_no_english(company, client):
    client.force_login(superuser())
    urls = [url for url in company.urls() if url not in CHANGES_THE_READER]
    refuse_english(client, urls, post=True)


def test_admin_leaves_no_english(company, client):
    client.force_login(superuser())
    refuse_english(client, admin_urls())
