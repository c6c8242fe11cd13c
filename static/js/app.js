// The frame's behaviour: menus, drawer, sidebar, toasts, dialogs, live parts. Pages work without it.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
  const words = JSON.parse(document.getElementById("words").textContent);
  const og = (window.ordergate = { words });

  const closest = (event, selector) => event.target instanceof Element && event.target.closest(selector);

  // Menus: one open at a time; a click elsewhere or Escape closes it.
  const closeMenus = (except, around) => {
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (menu !== except && !around?.contains(menu)) menu.open = false;
    });
  };
  document.addEventListener("click", (event) => closeMenus(closest(event, "details[data-menu]")));
  // A press on words within a menu gives the focus to the page around it.
  document.addEventListener("focusin", (event) => closeMenus(closest(event, "details[data-menu]"), event.target));
  document.addEventListener("keydown", (event) => {
    const menu = closest(event, "details[data-menu][open]");
    if (!menu) return;
    const items = [...menu.querySelectorAll(".menu-list a, .menu-list button")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (step && items.length) {
      event.preventDefault();
      const at = items.indexOf(document.activeElement);
      items[at < 0 && step < 0 ? items.length - 1 : (at + step + items.length) % items.length].focus();
    }
  });

  // Drawer on narrow screens.
  const sidebar = document.getElementById("sidebar");
  const drawer = (open) => {
    if (!sidebar) return;
    sidebar.classList.toggle("is-open", open);
    document.querySelector("[data-drawer]").setAttribute("aria-expanded", open);
    if (open) sidebar.querySelector(".sidebar-close").focus();
    else if (sidebar.contains(document.activeElement)) document.querySelector("[data-drawer]").focus();
  };
  document.addEventListener("click", (event) => {
    if (closest(event, "[data-drawer]")) {
      event.preventDefault();
      drawer(true);
    } else if (closest(event, ".sidebar-close, .sidebar-veil")) {
      event.preventDefault();
      drawer(false);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && sidebar?.classList.contains("is-open")) drawer(false);
  });

  // Folding the sidebar, which a narrow window does by itself; the cookie lets the server draw it the same the next time.
  const fold = document.querySelector("[data-fold]");
  const isFolded = () => Boolean(fold) && fold.querySelector(".sidebar-label").offsetWidth === 0;
  const tellFold = () => fold?.setAttribute("aria-pressed", isFolded());
  tellFold();
  window.addEventListener("resize", tellFold);
  fold?.addEventListener("click", () => {
    const folded = !isFolded();
    document.body.classList.toggle("folded", folded);
    document.body.classList.toggle("unfolded", !folded);
    document.cookie = `sidebar=${folded ? "folded" : "open"}; path=/; max-age=31536000; samesite=lax`;
    window.dispatchEvent(new Event("resize"));
  });

  // Toasts: good news leaves by itself, unless somebody is reading it; bad news stays.
  const toasts = document.getElementById("toasts");
  const watch = (note) => {
    if (note.dataset.toast === "seen") return;
    note.dataset.toast = "seen";
    if (note.matches(".toast-danger, .toast-warning")) return;
    let left = setTimeout(() => note.remove(), 8000);
    note.addEventListener("pointerenter", () => clearTimeout(left));
    note.addEventListener("focusin", () => clearTimeout(left));
    note.addEventListener("pointerleave", () => (left = setTimeout(() => note.remove(), 3000)));
  };
  og.toast = (text, level = "info") => {
    const note = document.getElementById("toast-model").content.firstElementChild.cloneNode(true);
    note.className = `toast-note toast-${level}`;
    const shape = { success: "circle-check", warning: "alert-circle", danger: "alert-circle" }[level] || "info-circle";
    const use = note.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${shape}`));
    if (level === "danger") note.setAttribute("role", "alert");
    note.querySelector("p").textContent = text;
    toasts.append(note);
    while (toasts.children.length > 4) toasts.firstElementChild.remove();
  };
  toasts.querySelectorAll("[data-toast]").forEach(watch);
  new MutationObserver(() => toasts.querySelectorAll("[data-toast]").forEach(watch)).observe(toasts, { childList: true });
  document.addEventListener("click", (event) => {
    if (closest(event, "[data-dismiss]")) closest(event, "[data-toast]").remove();
  });

  // Dialogs, copying, focus.
  og.confirm = (text, button) =>
    new Promise((decide) => {
      const dialog = document.getElementById("confirm");
      const yes = dialog.querySelector("[data-confirm-yes]");
      // The dialog's button repeats the verb that was pressed.
      if (button) yes.textContent = button.textContent.trim();
      yes.classList.toggle("is-danger", Boolean(button?.matches(".is-danger, .btn-danger")));
      dialog.querySelector("#confirm-text").textContent = text;
      dialog.returnValue = "no";
      dialog.addEventListener("close", () => decide(dialog.returnValue === "yes"), { once: true });
      dialog.showModal();
    });
  document.addEventListener("click", (event) => {
    const opener = closest(event, "[data-open]");
    if (opener) document.getElementById(opener.dataset.open).showModal();
    const copier = closest(event, "[data-copy]");
    if (closest(event, "[data-print]")) window.print();
    if (copier) navigator.clipboard.writeText(copier.dataset.copy).then(() => og.toast(words.copied, "success"));
    if (event.target instanceof HTMLDialogElement) event.target.close("no");
  });
  const focusFirst = (part) => part.querySelector("[data-focus]")?.focus();
  focusFirst(document);

  // A table larger than its place can be scrolled by keyboard too.
  const reach = () =>
    document.querySelectorAll(".table-scroll").forEach((box) => {
      const larger = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
      if (larger) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    });
  reach();
  window.addEventListener("resize", reach);
  document.addEventListener("htmx:afterSettle", reach);

  // Live parts (htmx): what went wrong is said, what the person was reading stays.
  const reasons = { 403: words.forbidden, 404: words.gone, 409: words.conflict, 410: words.gone };
  const quiet = (event) => closest(event, "[data-quiet]"); // asks again by itself
  document.addEventListener("htmx:responseError", (event) => {
    if (!quiet(event)) og.toast(reasons[event.detail.xhr.status] || words.failed, "danger");
  });
  ["htmx:sendError", "htmx:timeout"].forEach((name) =>
    document.addEventListener(name, (event) => quiet(event) || og.toast(words.offline, "danger")),
  );
  document.addEventListener("htmx:afterSwap", (event) => focusFirst(event.target));
  document.addEventListener("toast", (event) => og.toast(event.detail.text, event.detail.level));
})();
