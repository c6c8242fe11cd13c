from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from exceptions.process import lifecycle, policies
from exceptions.process.clocks import clock
from exceptions.process.errors import TicketError
from exceptions.process.export import ticket_sheet
from exceptions.process.listing import listing
from exceptions.process.models import Ticket
from orders.models import Order
from staff.access import SignedInRequest, needs
from staff.downloads import download
from staff.keyset import page


@needs("exceptions.view_ticket")
@require_safe
def ticket_list(request: SignedInRequest) -> HttpResponse:
    """Tickets this user may see, narrowed, by deadline, page by page."""
    at = timezone.now()
    found = listing(request, request.user, at)
    shown = page(found.tickets.with_what_lists_show(), request, keys=found.keys)
    context = {
        "at": at,
        "listing": found,
        "form": found.form,
        "page": shown,
        "rows": [(ticket, clock(ticket, at)) for ticket in shown.rows],
        "may_take": request.user.has_perm("exceptions.work_ticket")
        and found.code not in ("closed", "wrong"),
    }
    status = 400 if found.form.errors else 200
    return render(request, "exceptions/tickets.html", context, status=status)


@needs("exceptions.view_ticket")
@require_safe
def export(request: SignedInRequest) -> HttpResponse | StreamingHttpResponse:
    """Exactly what the list shows, all its pages, as a file."""
    found = listing(request, request.user, timezone.now())
    if found.form.errors:
        return ticket_list(request)
    return download(request, ticket_sheet(found.tickets, found.keys))


@needs("exceptions.work_ticket")
@require_POST
def take_many(request: SignedInRequest) -> HttpResponse:
    """Assign the chosen tickets to this user, as far as they may work on them."""
    back = f"{reverse('exceptions:tickets')}?{request.POST.get('query', '')}"
    chosen = [int(pk) for pk in request.POST.getlist("pk") if pk.isascii() and pk.isdigit()]
    at, taken, problems = timezone.now(), 0, []
    known = Ticket.objects.for_user(request.user).filter(pk__in=chosen)
    for pk in known.values_list("pk", flat=True):
        try:
            lifecycle.assign(ticket_id=pk, assignee_id=request.user.pk, by=request.user, at=at)
            taken += 1
        except (TicketError, PermissionDenied) as error:
            problems.append(str(error))
    if taken:
        told = ngettext("%(count)s ticket is yours.", "%(count)s tickets are yours.", taken)
        messages.success(request, told % {"count": taken})
    if problems:
        told = ngettext(
            "%(count)s ticket was left as it is: %(why)s",
            "%(count)s tickets were left as they are: %(why)s",
            len(problems),
        )
        why = " ".join(dict.fromkeys(problems))
        messages.warning(request, told % {"count": len(problems), "why": why})
    if not chosen:
        messages.info(request, _("Choose at least one ticket."))
    return redirect(back)


@needs("exceptions.view_ticket")
@require_safe
def order_tickets(request: SignedInRequest, pk: int) -> HttpResponse:
    """The tickets of one order: a part of the order's page, or a page of its own."""
    orders = Order.objects.for_user(request.user).select_related("customer")
    order = get_object_or_404(orders, pk=pk)
    at = timezone.now()
    tickets = Ticket.objects.filter(order=order).with_what_lists_show().order_by("-pk")
    context = {
        "at": at,
        "order": order,
        "rows": [(ticket, clock(ticket, at)) for ticket in tickets],
        "may_open": policies.can_open(request.user, order),
    }
    whole = "_order_tickets" if request.htmx else "order_tickets"  # type: ignore[attr-defined]
    return render(request, f"exceptions/{whole}.html", context)
