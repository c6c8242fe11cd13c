"""Groups of customers: who belongs to whom, and what they use together."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from credit import lifecycle
from credit.days import company_day
from credit.groups import Member, tree
from credit.limit_forms import GroupForm, LeaveForm
from credit.models import CreditAccount, Customer
from credit.views.customer import head
from credit.views.seen import get_account
from staff.access import SignedInRequest, needs

CHOICES = 20


@needs("credit.view_creditaccount")
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: SignedInRequest, pk: int) -> HttpResponse:
    """The tree of the group; POST puts the account under another one."""
    at = timezone.now()
    account = get_account(request, pk, at)
    if request.method == "POST" and not request.user.has_perm("credit.change_limit"):
        return _page(request, account, at, status=403)
    form = GroupForm(request.POST or None, user=request.user)
    if form.is_valid():
        parent, reason = form.cleaned_data["parent"], form.cleaned_data["reason"]
        try:
            lifecycle.join_group(
                account_id=account.pk, parent_id=parent.pk, reason=reason, by=request.user, at=at
            )
        except lifecycle.CreditError as error:
            form.add_error("parent", str(error))
        else:
            messages.success(request, _("The customer has joined the group."))
            return redirect("credit:group", pk)
    return _page(request, account, at, joining=form, status=422 if form.errors else 200)


@needs("credit.change_limit")
@require_POST
def leave_group(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the account, with all below it, out of its group."""
    at = timezone.now()
    account = get_account(request, pk, at)
    form = LeaveForm(request.POST)
    if not form.is_valid():
        return _page(request, account, at, leaving=form, status=422)
    reason = form.cleaned_data["reason"]
    try:
        lifecycle.join_group(
            account_id=account.pk, parent_id=None, reason=reason, by=request.user, at=at
        )
    except lifecycle.CreditError as error:
        form.add_error(None, str(error))
        return _page(request, account, at, leaving=form, status=422)
    messages.success(request, _("The customer has left the group."))
    return redirect("credit:group", pk)


@needs("credit.change_limit")
@require_safe
def group_choices(request: SignedInRequest) -> HttpResponse:
    """Customers with an account whose code or name fits what is typed, as options."""
    words = request.GET.get("parent", "").strip()[:80]
    found = Customer.objects.for_user(request.user).filter(account__isnull=False).search(words)
    context = {"customers": found.order_by("code")[:CHOICES] if words else []}
    return render(request, "credit/_group_choices.html", context)


def _page(
    request: SignedInRequest,
    account: CreditAccount,
    at: Any,
    *,
    joining: GroupForm | None = None,
    leaving: LeaveForm | None = None,
    status: int = 200,
) -> HttpResponse:
    members = tree(account, company_day(at))
    shown = _shown(request, account, members)
    context = head(request, account.customer, at, "group") | {
        "members": shown,
        "hidden": len(members) - len(shown),
        "top": members[0].account,
        "joining": joining or GroupForm(None, user=request.user),
        "leaving": leaving or LeaveForm(),
    }
    return render(request, "credit/group.html", context, status=status)


def _shown(request: SignedInRequest, account: CreditAccount, members: list[Member]) -> list[Member]:
    """Those that this user may see: the groups above one's own customer, and one's customers."""
    user = request.user
    if user.has_perm("credit.view_all_customers"):
        return members
    chain = {account.pk, *account.ancestors}
    return [
        each
        for each in members
        if each.account.pk in chain or each.account.customer.owner_id == user.pk
    ]
