from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from staff.access import SignedInRequest, public, signed_in
from staff.inbox import lifecycle
from staff.inbox.forms import MailForm
from staff.inbox.listing import listing, moment
from staff.inbox.models import Notice
from staff.keyset import page


@signed_in
@never_cache
@require_safe
def inbox(request: SignedInRequest) -> HttpResponse:
    """One's own notices, the newest first; what was just marked as read can be undone."""
    found = listing(request.GET, request.user)
    undo = moment(request.GET.get("undo"))
    marked = Notice.objects.for_user(request.user).filter(read_at=undo).count() if undo else 0
    context = {
        "at": timezone.now(),
        "listing": found,
        "form": found.form,
        "page": page(found.notices, request, keys=("-at", "-pk")),
        "undo": undo.isoformat() if undo and marked else "",
        "marked": marked,
        "query": _filters(request.GET),
    }
    return render(request, "inbox/list.html", context, status=400 if found.form.errors else 200)


@signed_in
@never_cache
@require_safe
def open_notice(request: SignedInRequest, pk: int) -> HttpResponse:
    """Go to what a notice is about; that it was opened is what reading it means."""
    notice = get_object_or_404(Notice.objects.for_user(request.user), pk=pk)
    if request.method == "GET":
        lifecycle.read(notice=notice, by=request.user, at=timezone.now())
    return redirect(notice.path)


@signed_in
@require_POST
def read_all(request: SignedInRequest) -> HttpResponse:
    """Mark as read what the list showed when its page was made, all pages of it."""
    at, query = timezone.now(), QueryDict(request.POST.get("query", ""))
    found = listing(query, request.user)
    until = moment(request.POST.get("until")) or at
    count = lifecycle.read_all(notices=found.notices, by=request.user, until=until, at=at)
    if not count:
        messages.info(request, _("There was nothing left to mark as read."))
    return _back(_filters(query), {"undo": at.isoformat()} if count else {})


@signed_in
@require_POST
def undo_read(request: SignedInRequest) -> HttpResponse:
    """Take back that notices were marked as read at once."""
    if at := moment(request.POST.get("at")):
        count = lifecycle.unread_again(by=request.user, read_at=at)
        text = ngettext(
            "%(count)d notice is unread again.", "%(count)d notices are unread again.", count
        )
        messages.success(request, text % {"count": count})
    return _back(_filters(QueryDict(request.POST.get("query", ""))), {})


@public
@never_cache
@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """The bell with its count, which pages ask for again and again.

    Open to everybody: when a session has ended it falls silent, and does not lead whoever reads
    or types away to the sign-in page.
    """
    return render(request, "inbox/_bell.html")


@signed_in
@require_POST
def choose_mail(request: SignedInRequest) -> HttpResponse:
    """Which kinds of notices one wants mail about, from the profile page."""
    form = MailForm(request.POST, user=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, _("Your choice of mail is saved."))
    else:
        messages.error(request, _("This choice is no longer offered. Choose again."))
    return redirect("staff:profile")


def _filters(query: QueryDict) -> str:
    kept = {name: query[name] for name in ("view", "kind", "q") if query.get(name)}
    return urlencode(kept)


def _back(filters: str, more: dict[str, str]) -> HttpResponse:
    query = "&".join(filter(None, (filters, urlencode(more))))
    return redirect(f"{reverse('inbox:list')}?{query}" if query else reverse("inbox:list"))
