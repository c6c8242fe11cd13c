/* Which columns of a list somebody wants to see. Kept in this browser, by the address of the page and the columns' titles. */
(() => {
  const menu = document.querySelector("[data-column-menu]");
  const table = document.querySelector("table[data-columns]");
  if (!menu || !table) return;
  const place = `columns:${window.location.pathname.replace(/\d+/g, "0")}`;
  const titles = [...table.tHead.rows[0].cells].map((cell) =>
    cell.querySelector("input, .visually-hidden") ? "" : cell.textContent.trim(),
  );
  // The first column that has a title names the row and stays.
  const first = titles.findIndex(Boolean);
  const choices = titles.filter((title, at) => title && at > first);

  const kept = () => {
    try {
      const known = JSON.parse(window.localStorage.getItem(place));
      return new Set(Array.isArray(known) ? known : []);
    } catch {
      return new Set();
    }
  };
  const count = menu.querySelector("[data-column-count]");
  const show = () => {
    const hidden = kept();
    for (const row of table.querySelectorAll("tr")) {
      if (row.cells.length !== titles.length) continue;
      titles.forEach((title, at) => row.cells[at].classList.toggle("column-off", at > first && hidden.has(title)));
    }
    const seen = choices.filter((title) => !hidden.has(title)).length;
    count.textContent = seen < choices.length ? `${seen + 1}/${choices.length + 1}` : "";
  };
  const keep = (title, wanted) => {
    const hidden = kept();
    hidden[wanted ? "delete" : "add"](title);
    window.localStorage.setItem(place, JSON.stringify([...hidden]));
    show();
  };

  const hidden = kept();
  const list = menu.querySelector(".menu-list");
  for (const title of choices) {
    const label = document.createElement("label");
    const box = document.createElement("input");
    Object.assign(box, { type: "checkbox", className: "form-check-input", checked: !hidden.has(title) });
    box.addEventListener("change", () => keep(title, box.checked));
    label.append(box, title);
    list.append(label);
  }
  menu.hidden = choices.length < 2;
  show();
  table.addEventListener("htmx:afterSwap", show);
})();
