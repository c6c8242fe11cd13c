"""The pages of a policy's versions: writing one, reading it, putting it in force."""

from hashlib import sha256
from json import dumps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from credit import wording
from credit.content import default_content
from credit.editing.version import VersionEditor, fields_of, rearranged
from credit.enums import CreditAction, PolicyScope, VersionState
from credit.errors import CreditError
from credit.governing import candidates
from credit.lifecycle import policies as lifecycle
from credit.models import Customer, Policy, PolicyVersion
from credit.versions import compared, in_force
from journal.models import Entry

_MOVES = {"shadow": lifecycle.shadow, "retire": lifecycle.retire}
FOUND = 20


class VersionPages:
    """Views of `PolicyAdmin`; what they change goes through the lifecycle."""

    admin_site: Any
    opts: Any
    media: Any

    def draft_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write a new version, or change the draft there is."""
        policy = self._policy(request, pk, "credit.change_policy")
        draft = policy.versions.filter(state=VersionState.DRAFT).first()
        if request.method != "POST":
            start = draft or _start(policy, request.GET.get("from", ""))
            note = draft.note if draft else ""
            data = fields_of(start.content, note=note, seen=_stamp(draft))
            return self._editor(request, policy, draft, VersionEditor(data))
        if moved := rearranged(request.POST, request.POST.get("do", "save")):
            return self._editor(request, policy, draft, VersionEditor(moved))
        return self._save(request, policy, draft)

    def _save(
        self, request: HttpRequest, policy: Policy, draft: PolicyVersion | None
    ) -> HttpResponse:
        by: Any = request.user
        editor = VersionEditor(request.POST)
        if not editor.is_valid():
            return self._editor(request, policy, draft, editor, 422)
        if request.POST.get("seen", "") != _stamp(draft):
            return self._stale(request, policy, draft)
        what: dict[str, Any] = {"content": editor.content, "note": editor.note}
        what |= {"by": by, "at": timezone.now()}
        try:
            if draft:
                saved = lifecycle.edit_draft(version_id=draft.pk, **what)
            else:
                saved = lifecycle.draft_version(policy_id=policy.pk, **what)
        except (CreditError, ValidationError) as error:
            editor.head.add_error(None, getattr(error, "messages", [str(error)]))
            return self._editor(request, policy, draft, editor, 409)
        messages.success(request, _("The draft is saved. It decides nothing yet."))
        return redirect("admin:credit_policy_version", policy.pk, saved.pk)

    def _stale(
        self, request: HttpRequest, policy: Policy, draft: PolicyVersion | None
    ) -> HttpResponse:
        """Keep what was typed and say what happened; saving once more is then a decision."""
        data = request.POST.copy()
        data["seen"] = _stamp(draft)
        again = VersionEditor(data)
        again.is_valid()
        again.head.add_error(
            None, _("Somebody changed this draft meanwhile. Save again to put yours in its place.")
        )
        return self._editor(request, policy, draft, again, 409)

    def version_page(self, request: HttpRequest, pk: int, version_pk: int) -> HttpResponse:
        """One version in words, with what it changes and what can be done with it."""
        version = self._version(request, pk, version_pk)
        user: Any = request.user
        context = {"step": compared(version), "may_change": user.has_perm("credit.change_policy")}
        context["may_publish"] = user.has_perm("credit.publish_policy")
        tried = Entry.objects.about(version).filter(action=CreditAction.POLICY_SHADOWED)
        context["was_tried"] = tried.exists()
        context["has_draft"] = version.policy.versions.filter(state=VersionState.DRAFT).exists()
        return self._page(request, "version", version.policy, version=version, **context)

    def publish_page(self, request: HttpRequest, pk: int, version_pk: int) -> HttpResponse:
        """Ask once more, showing what changes for the orders to come; then publish."""
        version = self._version(request, pk, version_pk, "credit.publish_policy")
        by: Any = request.user
        if version.state not in (VersionState.DRAFT, VersionState.SHADOW):
            messages.error(request, _("This version is in force or retired."))
            return redirect("admin:credit_policy_version", pk, version_pk)
        if request.method == "POST":
            if request.POST.get("seen", "") != _stamp(version):
                messages.error(request, _("This draft was changed meanwhile. Look at it again."))
                return redirect("admin:credit_policy_publish", pk, version_pk)
            try:
                lifecycle.publish(version_id=version.pk, by=by, at=timezone.now())
            except CreditError as error:
                messages.error(request, str(error))
            else:
                text = _("Version %(number)s is in force now.")
                messages.success(request, text % {"number": version.number})
            return redirect("admin:credit_policy_version", pk, version_pk)
        context: dict[str, Any] = {"step": compared(version)}
        context["replaced"] = in_force(version.policy)
        context["seen"] = _stamp(version)
        return self._page(request, "publish", version.policy, version=version, **context)

    def move_page(self, request: HttpRequest, pk: int, version_pk: int) -> HttpResponse:
        """Put a version in the shadow, retire it, or throw a draft away; posted only."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        version = self._version(request, pk, version_pk)
        what: dict[str, Any] = {"by": request.user, "at": timezone.now()}
        wish = request.POST.get("do", "")
        try:
            if wish == "discard":
                lifecycle.discard_draft(version_id=version.pk, **what)
                messages.success(request, _("The draft is thrown away."))
                return redirect("admin:credit_policy_change", pk)
            if wish not in _MOVES:
                raise Http404
            moved = _MOVES[wish](version_id=version.pk, **what)
        except CreditError as error:
            messages.error(request, str(error))
        else:
            words = {"number": moved.number, "state": moved.get_state_display()}
            messages.success(request, _("Version %(number)s: %(state)s.") % words)
        return redirect("admin:credit_policy_version", pk, version_pk)

    def why_page(self, request: HttpRequest) -> HttpResponse:
        """Which policy applies to a customer, and why not another one."""
        self._may(request, "credit.view_policy")
        words = request.GET.get("q", "").replace("\x00", "").strip()[:80]
        user: Any = request.user
        found = list(Customer.objects.for_user(user).search(words)[:FOUND]) if words else []
        exact = [each for each in found if each.code.casefold() == words.casefold()]
        chosen = (exact or found)[0] if exact or len(found) == 1 else None
        context: dict[str, Any] = {"words": words, "found": found, "customer": chosen}
        context["candidates"] = candidates(chosen) if chosen else []
        return self._page(request, "why", None, **context)

    def _may(self, request: HttpRequest, permission: str) -> None:
        user: Any = request.user
        if not user.has_perm(permission):
            raise PermissionDenied

    def _policy(self, request: HttpRequest, pk: int, permission: str) -> Policy:
        self._may(request, permission)
        return get_object_or_404(Policy.objects.select_related("segment", "customer"), pk=pk)

    def _version(
        self, request: HttpRequest, pk: int, version_pk: int, permission: str = "credit.view_policy"
    ) -> PolicyVersion:
        self._may(request, permission)
        versions = PolicyVersion.objects.select_related("policy", "author", "published_by")
        return get_object_or_404(versions, pk=version_pk, policy=pk)

    def _editor(
        self,
        request: HttpRequest,
        policy: Policy,
        draft: PolicyVersion | None,
        editor: VersionEditor,
        status: int = 200,
    ) -> HttpResponse:
        return self._page(request, "editor", policy, status, draft=draft, editor=editor)

    def _page(
        self, request: HttpRequest, name: str, policy: Policy | None, status: int = 200, **more: Any
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            "policy": policy,
            **(_words(more["version"]) if "version" in more else {}),
            **more,
        }
        return render(request, f"admin/credit/policy/{name}.html", context, status=status)


def _words(version: PolicyVersion) -> dict[str, Any]:
    """The content of a version as sentences."""
    content = version.content
    return {
        "checks": wording.check_lines(content),
        "rules": wording.rule_lines(content),
        "exemptions": wording.exemption_lines(content),
        "release": wording.release_lines(content),
    }


def _start(policy: Policy, like: str) -> PolicyVersion:
    """What a new version begins with: a version that was named, the one in force, or the standard.

    A policy without any version begins as the one for all customers.
    """
    known = policy.versions.all()
    if like.isascii() and like.isdecimal() and len(like) < 18:
        return get_object_or_404(known, pk=int(like))
    standard = PolicyVersion.objects.filter(
        policy__scope=PolicyScope.ALL, state=VersionState.PUBLISHED
    )
    found = in_force(policy) or known.order_by("-number").first() or standard.first()
    return found or PolicyVersion(content=default_content())


def _stamp(draft: PolicyVersion | None) -> str:
    """What tells whether a draft is still the one that was seen."""
    if draft is None:
        return ""
    return sha256(dumps([draft.pk, draft.content, draft.note]).encode()).hexdigest()
