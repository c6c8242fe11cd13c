// The page of an order: actions open in a dialog; without this script they are pages of their own.
(() => {
  "use strict";
  const dialog = document.getElementById("act-dialog");
  if (!dialog || !window.htmx) return;

  const opensDialog = (link) => {
    if (link.matches("[data-dialog]")) return true;
    const words = link.closest("[data-dialogs]")?.dataset.dialogs.split(" ") || [];
    return words.includes(new URL(link.href).pathname.split("/").filter(Boolean).pop());
  };
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("a[href]");
    if (link && opensDialog(link) && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      link.closest("details[data-menu]")?.removeAttribute("open");
      window.htmx.ajax("GET", link.href, { target: "#act-part" });
    } else if (event.target instanceof Element && event.target.closest("[data-close-dialog]")) {
      dialog.close();
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    // What was done changes the page, not the dialog.
    if (event.target.id !== "act-part" || event.detail.xhr.getResponseHeader("HX-Reswap") === "none") return;
    if (!dialog.open) dialog.showModal();
    const wrong = dialog.querySelector("[data-focus], .is-invalid");
    (wrong || dialog.querySelector("input:not([type=hidden]), textarea, select"))?.focus();
  });
  document.addEventListener("acted", () => dialog.close());
  dialog.addEventListener("close", () => document.getElementById("act-part").replaceChildren());
})();
