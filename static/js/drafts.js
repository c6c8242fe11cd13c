// What is typed into a form with data-keep="name" stays in this tab until the server has taken it, so that
// neither an expired sign-in nor a failing server loses it.
(() => {
  "use strict";
  const { words, toast } = window.ordergate;
  const UNTYPED = ["password", "file", "hidden", "submit", "button", "reset"];
  const store = window.sessionStorage;
  const read = (key, empty) => JSON.parse(store.getItem(key)) ?? empty;
  const draftOf = (name) => `draft:${name}`;

  const fields = (form) => [...form.elements].filter((field) => field.name && !UNTYPED.includes(field.type));
  const state = (field) => (["checkbox", "radio"].includes(field.type) ? field.checked : field.value);
  const save = (form) => {
    const values = fields(form).map((field) => [field.name, field.type, state(field)]);
    store.setItem(draftOf(form.dataset.keep), JSON.stringify(values));
  };
  const restore = (form) => {
    const draft = read(draftOf(form.dataset.keep), []);
    // A form that came back with errors already carries what was typed.
    if (form.querySelector(".is-invalid, .error-summary")) return false;
    const changed = fields(form).filter((field, place) => {
      const [name, type, value] = draft[place] || [];
      if (name !== field.name || type !== field.type || state(field) === value) return false;
      if (typeof value === "boolean") field.checked = value;
      else field.value = value;
      return true;
    });
    changed.forEach((field) => field.dispatchEvent(new Event("change", { bubbles: true })));
    return changed.length > 0;
  };

  // A form sent a moment ago: was it taken? The sign-in page and the page of an expired form say no; so does
  // coming back to the form by the back button or by reloading. Any other page says yes.
  const sent = read("sent", []);
  store.removeItem("sent");
  const refused = !document.body.classList.contains("with-sidebar") || document.querySelector("[data-keep-drafts]");
  const [navigation] = performance.getEntriesByType("navigation");
  const taken = (name) => {
    store.removeItem(draftOf(name));
    // An order that was entered (order_entry.js).
    window.localStorage.removeItem(name);
  };
  if (!refused && navigation?.type === "navigate") sent.forEach(taken);

  const kept = [...document.querySelectorAll("form[data-keep]")];
  if (kept.filter(restore).length) toast(words.restored);

  const forget = (owner) => {
    store.clear();
    const entries = Object.keys(window.localStorage).filter((name) => name.startsWith(`entry:${owner}:`));
    entries.forEach((name) => window.localStorage.removeItem(name));
  };
  const form = (event) => (event.target.form || event.target).closest?.("form[data-keep]");
  document.addEventListener("input", (event) => form(event) && save(form(event)));
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-forget-drafts]")) forget(event.target.dataset.forgetDrafts);
    if (event.defaultPrevented || !form(event)) return;
    save(form(event));
    store.setItem("sent", JSON.stringify([form(event).dataset.keep]));
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && form(event)) store.removeItem(draftOf(form(event).dataset.keep));
  });
})();
