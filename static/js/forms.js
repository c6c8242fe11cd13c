// Forms: a second click is harmless, what cannot be undone is confirmed, what was typed is kept.
(() => {
  "use strict";
  const { words, confirm, toast } = window.ordergate;

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
    if (form.method === "dialog") return;
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
    if (event.defaultPrevented || form.method !== "post") return;
    busy(form, true);
    // A download or a dropped connection leaves the page where it is: let the person try again.
    setTimeout(() => busy(form, false), 20000);
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target instanceof HTMLFormElement && event.target.method === "post") busy(event.target, true);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target instanceof HTMLFormElement) busy(event.target, false);
  });

  // Drafts: forms with data-keep="name" survive an expired sign-in in this tab's own storage.
  const key = (form) => `draft:${location.pathname}:${form.dataset.keep}`;
  const kept = (form) =>
    [...form.elements].filter(
      (field) => field.name && field.name !== "csrfmiddlewaretoken" && !["password", "file", "hidden", "submit", "button"].includes(field.type),
    );
  const state = (field) => (["checkbox", "radio"].includes(field.type) ? field.checked : field.value);
  const save = (form) => {
    const values = kept(form).map((field) => [field.name, field.type, state(field)]);
    sessionStorage.setItem(key(form), JSON.stringify(values));
  };
  const restore = (form) => {
    const draft = JSON.parse(sessionStorage.getItem(key(form)) || "null");
    // A form that came back with errors already carries what was typed.
    if (!draft || form.querySelector(".is-invalid, .error-summary")) return false;
    let changed = false;
    kept(form).forEach((field, place) => {
      const [name, type, value] = draft[place] || [];
      if (name !== field.name || type !== field.type || state(field) === value) return;
      if (typeof value === "boolean") field.checked = value;
      else field.value = value;
      changed = true;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    return changed;
  };
  const forms = () => document.querySelectorAll("form[data-keep]");
  let restored = false;
  forms().forEach((form) => (restored = restore(form) || restored));
  if (restored) toast(words.restored);
  document.addEventListener("input", (event) => event.target.form?.matches("[data-keep]") && save(event.target.form));
  // A page that answers without the form has taken it: the draft has done its duty.
  const done = document.querySelector("[data-forget-draft]");
  if (done) sessionStorage.removeItem(`draft:${done.dataset.forgetDraft}`);
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-forget-drafts]")) sessionStorage.clear();
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
