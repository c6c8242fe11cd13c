"""Somebody before a browser window."""

from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.urls import reverse

AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
_AXE = """rules => axe.run({
    resultTypes: ["violations"],
    ...(rules.length ? {runOnly: rules} : {}),
}).then(found => found.violations)"""
# Wait until the page is drawn anew after a change of its size or its colours.
SETTLED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
# An answer of 403 or 422 is part of the product; the browser still calls it an error.
_ANSWERED = "Failed to load resource: the server responded with a status of 4"


class Desk:
    """One person's window. What goes wrong in it is collected in `troubles`."""

    def __init__(self, context, site, user=None):
        self.context, self.site = context, site
        self.troubles = []
        self.page = context.new_page()
        self.page.set_default_timeout(30_000)
        self.page.on("pageerror", lambda error: self.troubles.append(f"{self.page.url}: {error}"))
        self.page.on("console", self._hear)
        if user:
            self._carry_in(user)

    def _hear(self, message):
        if message.type in ("error", "warning") and not message.text.startswith(_ANSWERED):
            self.troubles.append(f"{self.page.url}: {message.text}")

    def _carry_in(self, user):
        """Signed in already, without the sign-in page."""
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key}
        self.context.add_cookies([cookie | {"url": self.site.url}])

    def sign_in(self, user, password):
        """As everybody does it."""
        self.go("staff:sign_in")
        self.page.fill("[name=username]", user.username)
        self.page.fill("[name=password]", password)
        self.page.press("[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "/sign-in/" not in url)

    def go(self, name, *args, query=""):
        """Open a page of the product by the name of its address."""
        return self.page.goto(reverse(name, args=args) + query)

    def wait_for_parts(self):
        """Until the parts of the page that htmx fetches have arrived, and all is drawn."""
        while self.page.locator(".htmx-request").count():
            self.page.wait_for_timeout(20)
        self.page.evaluate(SETTLED)

    def post(self, name, *args, **fields):
        """Send a form that the page does not offer, with everything a forger could know."""
        cookies = {cookie["name"]: cookie["value"] for cookie in self.context.cookies()}
        headers = {"X-CSRFToken": cookies["csrftoken"], "Referer": self.site.url}
        url = self.site.url + reverse(name, args=args)
        return self.context.request.post(url, form=fields, headers=headers, max_redirects=0)

    def text(self):
        """What the page's main part says, in one line."""
        return " ".join(self.page.inner_text("main").split())

    def axe(self, *rules):
        """What axe finds wrong with the page: rule, what to do, where. All rules, or some."""
        self.page.evaluate(AXE)
        return [
            f"{self.page.url}: {found['id']}: {node['failureSummary']} {node['html'][:160]}"
            for found in self.page.evaluate(_AXE, list(rules))
            for node in found["nodes"]
        ]
