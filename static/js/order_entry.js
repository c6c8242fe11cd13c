// An order that is being entered is kept in this browser until the server has taken it: neither a closed window nor
// a failing server loses it. It is offered again, put back unasked only in the tab that left it and came back, and
// forgotten when its owner signs out.
(() => {
  "use strict";
  const { words, toast } = window.ordergate;
  const list = document.querySelector("[data-entries]");
  if (!list) return;
  const KEPT_FOR = 14 * 24 * 3600 * 1000;
  const UNTYPED = /^(csrf|token|seen_version|customer$|order$|do$)/;
  const store = window.localStorage;
  const form = document.getElementById("order-form");
  const owner = `entry:${list.dataset.entries}:`;
  const about = form ? `${owner}${form.dataset.entry}:` : owner;
  // Each page has a key of its own, so that two windows do not overwrite each other.
  const key = `${about}${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
  const version = form?.elements.seen_version.value || "";
  const [navigation] = performance.getEntriesByType("navigation");
  const left = navigation?.type === "navigate" ? null : sessionStorage.getItem(`left:${about}`);
  const read = (name) => {
    try {
      return JSON.parse(store.getItem(name));
    } catch {
      return null;
    }
  };
  const keys = () => Object.keys(store).filter((name) => name.startsWith(about));
  // What was typed into another version of the order would undo what has changed since.
  const useless = (entry) => !entry || Date.now() - entry.at > KEPT_FOR || (form && entry.version !== version);

  const typed = () => [...new FormData(form)].filter(([name]) => !UNTYPED.test(name));
  const untouched = form && !("returned" in form.dataset) ? JSON.stringify(typed()) : "";
  const keep = () => {
    const values = typed();
    if (JSON.stringify(values) === untouched) return store.removeItem(key);
    const lines = values.filter(([name, value]) => name.endsWith("-product") && value.trim()).length;
    const { buyer: customer, address } = form.dataset;
    try {
      store.setItem(key, JSON.stringify({ at: Date.now(), version, address, customer, lines, values }));
      sessionStorage.setItem(`left:${about}`, key);
    } catch {
      // A browser that has no room keeps nothing; the form works all the same.
    }
  };
  const putBack = (values) => {
    form.dispatchEvent(new CustomEvent("entry:lines", { detail: Number(values.get("lines-TOTAL_FORMS")) }));
    [...form.elements].forEach((field) => {
      if (!field.name || UNTYPED.test(field.name) || field.name.endsWith("_FORMS")) return;
      if (field.type === "checkbox") field.checked = values.has(field.name);
      else if (values.has(field.name)) field.value = values.get(field.name);
    });
    form.dispatchEvent(new Event("entry:restored"));
  };
  const open = (name, note) => {
    putBack(new Map(read(name).values));
    store.removeItem(name);
    keep();
    note.remove();
    toast(words.restored);
  };

  const model = document.getElementById("entry-model");
  const language = document.documentElement.lang.replace(/^en$/, "en-GB");
  const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  const offer = (name) => {
    const { customer, lines, at, address } = read(name);
    const note = model.content.firstElementChild.cloneNode(true);
    const says = { customer, lines, at: moment.format(at) };
    note.querySelectorAll("[data-say]").forEach((part) => (part.textContent = says[part.dataset.say]));
    const opener = note.querySelector("[data-entry-open]");
    if (form) opener.addEventListener("click", () => open(name, note));
    else opener.href = `${address}#${name}`;
    note.querySelector("[data-entry-drop]").addEventListener("click", () => {
      store.removeItem(name);
      note.remove();
    });
    list.append(note);
    if (form && [left, decodeURIComponent(location.hash.slice(1))].includes(name)) open(name, note);
  };
  keys().filter((name) => useless(read(name))).forEach((name) => store.removeItem(name));
  const newest = (one, other) => read(other).at - read(one).at;
  keys().sort(newest).forEach(offer);
  if (!form) return;

  // A form that came back carries what was typed, and is not saved.
  if ("returned" in form.dataset) keep();
  ["input", "change"].forEach((kind) => form.addEventListener(kind, keep));
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    keep();
    sessionStorage.setItem("sent", JSON.stringify([key]));
  });
})();
