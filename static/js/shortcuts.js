// Rows that open on a click, and the keyboard: / search, j k rows, o open, ? help, data-key hooks.
(() => {
  "use strict";
  const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
  const link = (row) => row.querySelector("a[data-row-link], a[href]");
  const current = () => document.querySelector("[data-row].is-current");

  const select = (row) => {
    current()?.classList.remove("is-current");
    row.classList.add("is-current");
    link(row)?.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };
  const step = (by) => {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(current());
    select(all[Math.min(Math.max(at < 0 ? 0 : at + by, 0), all.length - 1)]);
  };

  const press = (button) => {
    if (button.getAttribute("aria-disabled") === "true") return;
    button.closest("details[data-menu]")?.setAttribute("open", "");
    button.focus();
    button.click();
  };
  const actions = {
    "/": () => document.querySelector("[data-search]")?.select(),
    "?": () => document.getElementById("shortcuts").showModal(),
    j: () => step(1),
    k: () => step(-1),
    o: () => current() && link(current())?.click(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable], dialog[open]")) {
      if (event.key === "Escape" && event.target.matches("[data-search]")) event.target.blur();
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    const hook = [...document.querySelectorAll("[data-key]")].find((button) => button.dataset.key === event.key);
    const action = hook ? () => press(hook) : actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });

  document.addEventListener("click", (event) => {
    const row = event.target instanceof Element && event.target.closest("tr[data-row]");
    if (!row || event.defaultPrevented || event.target.closest("a, button, input, label, select, summary, textarea")) return;
    // Dragging over text selects it instead of opening the row.
    if (String(window.getSelection())) return;
    const target = link(row);
    if (!target) return;
    if (event.ctrlKey || event.metaKey) window.open(target.href, "_blank", "noopener");
    else target.click();
  });
})();
