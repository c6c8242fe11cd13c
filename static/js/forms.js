// Forms: a second click is harmless, what cannot be undone is confirmed, rows can be picked.
(() => {
  "use strict";
  const { confirm } = window.ordergate;
  // Read from the markup: a field named "method" would hide the property.
  const method = (form) => (form.getAttribute("method") || "get").toLowerCase();

  // Sent once. Coming back with the browser's back button frees the form again.
  const busy = (form, on) => {
    if (on) form.dataset.sent = "yes";
    else delete form.dataset.sent;
    form.querySelectorAll("button:not([type=button])").forEach((button) => {
      if (on) button.setAttribute("aria-busy", "true");
      else button.removeAttribute("aria-busy");
    });
  };
  const freeAll = () => document.querySelectorAll("form[data-sent]").forEach((form) => busy(form, false));
  window.addEventListener("pageshow", (event) => event.persisted && freeAll());

  const agreed = new WeakSet();
  const ask = async (form, button, question) => {
    if (!(await confirm(question, button))) return;
    agreed.add(form);
    form.requestSubmit(button);
  };
  const guard = (event) => {
    const form = event.target;
    if (method(form) === "dialog") return;
    const question = event.submitter?.dataset.confirm || form.dataset.confirm;
    if (question && !agreed.delete(form)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(form, event.submitter, question);
    } else if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  };
  // Before htmx and everybody else hears of it.
  document.addEventListener("submit", guard, true);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || method(form) !== "post") return;
    busy(form, true);
    // A download or a dropped connection leaves the page where it is: let the person try again.
    setTimeout(() => busy(form, false), 20000);
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target instanceof HTMLFormElement && method(event.target) === "post") busy(event.target, true);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target instanceof HTMLFormElement) busy(event.target, false);
  });

  // Selection of rows: the bulk bar says how many and what will happen.
  const bulk = (bar) => {
    const form = document.getElementById(bar.dataset.bulk);
    const boxes = () => [...form.querySelectorAll("[data-pick]")];
    const all = form.querySelector("[data-pick-all]");
    const show = () => {
      const count = boxes().filter((box) => box.checked).length;
      bar.hidden = count === 0;
      bar.querySelector("[data-bulk-count]").textContent = count.toLocaleString(document.documentElement.lang);
      if (all) {
        all.checked = count > 0 && count === boxes().length;
        all.indeterminate = count > 0 && !all.checked;
      }
    };
    const set = (on) => {
      boxes().forEach((box) => (box.checked = on));
      show();
    };
    form.addEventListener("change", (event) => (event.target === all ? set(all.checked) : show()));
    bar.querySelector("[data-bulk-clear]").addEventListener("click", () => set(false));
    window.addEventListener("pageshow", show);
    show();
  };
  document.querySelectorAll("[data-bulk]").forEach(bulk);
})();
