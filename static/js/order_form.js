// The order form: lines, the product picker, pasting from a sheet. The server does all arithmetic.
(() => {
  "use strict";
  const form = document.getElementById("order-form");
  if (!form) return;
  const body = form.querySelector("#line-grid tbody");
  const model = document.getElementById("line-model");
  const total = form.elements["lines-TOTAL_FORMS"];
  const most = Number(form.dataset.most);
  const cells = ["product", "quantity", "price", "discount_percent", "tax_percent", "lot"];
  const cell = (row, name) => row.querySelector(`[data-cell="${name}"]`);
  const rows = () => [...body.querySelectorAll("[data-line]")];
  const changed = () => form.dispatchEvent(new Event("change", { bubbles: true }));

  const add = () => {
    const place = Number(total.value);
    if (place >= most) return rows().at(-1);
    const text = model.innerHTML.replaceAll("__prefix__", place).replaceAll("{n}", place + 1);
    const table = document.createElement("template");
    table.innerHTML = text.trim();
    body.append(table.content);
    total.value = place + 1;
    return rows().at(-1);
  };
  const after = (row) => rows()[rows().indexOf(row) + 1] || add();
  const empty = (row) => cells.slice(0, 3).every((name) => !cell(row, name).value.trim());

  const remove = (row) => {
    const next = after(row);
    row.remove();
    cell(next, "product").focus();
    changed();
  };
  // Lines are read in the order of their numbers: what they say changes places, not the rows.
  const move = (row, step, name) => {
    const other = rows()[rows().indexOf(row) + step];
    if (!other) return;
    cells.forEach((each) => {
      const [here, there] = [cell(row, each), cell(other, each)];
      [here.value, there.value] = [there.value, here.value];
      [here.dataset.filled, there.dataset.filled] = [there.dataset.filled ?? "", here.dataset.filled ?? ""];
    });
    cell(other, name).focus();
    changed();
  };

  form.addEventListener("click", (event) => {
    if (event.target.closest("#add-line")) {
      event.preventDefault();
      cell(rows().find(empty) || add(), "product").focus();
    }
    const button = event.target.closest("[data-remove], [data-up]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("[data-line]");
    if (button.matches("[data-remove]")) remove(row);
    else move(row, -1, "product");
  });

  // What the server said about a row: a price and a tax that nobody typed follow the product.
  const prefill = (row, facts) => {
    ["price", "tax"].forEach((name) => {
      const field = cell(row, name === "tax" ? "tax_percent" : "price");
      const value = facts.dataset[name];
      if (field === document.activeElement || field.value === value) return;
      if (field.value === "" || field.value === field.dataset.filled) {
        field.value = value;
        field.dataset.filled = value;
      }
    });
  };

  // The product picker: a list below the field, worked with the arrow keys or the mouse.
  const list = document.getElementById("product-options");
  let owner = null;
  let asked = 0;
  let timer = 0;
  const options = () => [...list.querySelectorAll("[role=option]")];
  const close = () => {
    clearTimeout(timer);
    asked += 1;
    list.hidden = true;
    owner?.setAttribute("aria-expanded", "false");
    owner?.removeAttribute("aria-activedescendant");
  };
  const mark = (option) => {
    options().forEach((other) => other.setAttribute("aria-selected", other === option));
    owner.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const marked = () => options().find((option) => option.getAttribute("aria-selected") === "true");
  const choose = (option) => {
    const row = owner.closest("[data-line]");
    owner.value = option.dataset.sku;
    prefill(row, option);
    close();
    cell(row, "quantity").focus();
    changed();
  };
  const place = () => {
    const box = owner.getBoundingClientRect();
    const below = window.innerHeight - box.bottom;
    list.style.left = `${Math.max(8, Math.min(box.left, window.innerWidth - list.offsetWidth - 8))}px`;
    list.style.top = below > list.offsetHeight + 8 ? `${box.bottom + 4}px` : `${box.top - list.offsetHeight - 4}px`;
  };
  const ask = async (field) => {
    const turn = (asked += 1);
    const query = new URLSearchParams({ q: field.value, currency: form.elements.currency.value });
    const answer = await fetch(`${form.dataset.options}?${query}`, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok || answer.redirected || turn !== asked || document.activeElement !== field) return;
    list.innerHTML = await answer.text();
    owner = field;
    list.hidden = list.childElementCount === 0;
    owner.setAttribute("aria-expanded", !list.hidden);
    if (!list.hidden) place();
  };
  form.addEventListener("input", (event) => {
    if (event.target.dataset.cell !== "product") return;
    clearTimeout(timer);
    const field = event.target;
    if (field.value.trim()) timer = setTimeout(() => ask(field), 180);
    else close();
  });
  form.addEventListener("focusout", (event) => event.target === owner && close());
  // Whoever is quicker than this script has typed already.
  const early = document.activeElement;
  if (early?.dataset?.cell === "product" && early.value.trim()) ask(early);
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
  window.addEventListener("scroll", () => !list.hidden && place(), { passive: true, capture: true });

  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.dataset.cell || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const open = !list.hidden && field === owner;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (open && step && options().length) {
      const all = options();
      mark(all[(all.indexOf(marked()) + step + all.length + (step < 0 && !marked() ? 1 : 0)) % all.length]);
    } else if (open && event.key === "Escape") {
      close();
    } else if (open && event.key === "Enter" && options().length) {
      choose(marked() || options()[0]);
    } else if (event.key === "Enter") {
      cell(after(field.closest("[data-line]")), "product").focus();
    } else if (step) {
      const other = rows()[rows().indexOf(field.closest("[data-line]")) + step];
      if (other) cell(other, field.dataset.cell).focus();
    } else return;
    event.preventDefault();
  });

  // With Alt: new line, move, remove. With Ctrl or Cmd: save the draft, submit.
  const rowOf = (field) => (field.dataset?.cell ? field.closest("[data-line]") : null);
  const alt = (event) => {
    const row = rowOf(event.target);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.code === "KeyN") cell(rows().find(empty) || add(), "product").focus();
    else if (row && step) move(row, step, event.target.dataset.cell);
    else if (row && (event.key === "Delete" || event.key === "Backspace")) remove(row);
    else return false;
    return true;
  };
  const control = (event) => {
    const wanted = { Enter: "[data-send]", s: "[data-draft-button]", S: "[data-draft-button]" }[event.key];
    const button = wanted && form.querySelector(wanted);
    if (button) form.requestSubmit(button);
    return Boolean(button);
  };
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.isComposing || document.querySelector("dialog[open]")) return;
      const mod = event.ctrlKey || event.metaKey;
      if (event.altKey === mod || !(event.altKey ? alt(event) : control(event))) return;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );

  // Rows copied from a sheet go into rows here. The server reads them, with or without their titles.
  const fill = (row, read) => {
    read.forEach((values, number) => {
      row = number ? after(row) : row;
      Object.entries(values).forEach(([name, value]) => {
        const target = cell(row, name);
        target.value = value;
        delete target.dataset.filled;
      });
    });
    changed();
  };
  const asTyped = (text, first) =>
    text.trim().split(/\r?\n/).map((line) => {
      const named = line.split("\t").map((value, offset) => [cells[first + offset], value.trim()]);
      return Object.fromEntries(named.filter(([name]) => name));
    });
  const read = async (text) => {
    const body = new URLSearchParams({ pasted: text, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    const answer = await fetch(form.dataset.pasted, { method: "POST", body }).catch(() => null);
    return answer?.ok && !answer.redirected ? answer.json() : { rows: asTyped(text, 0), left: "" };
  };
  form.addEventListener("paste", async (event) => {
    const field = event.target;
    const text = event.clipboardData?.getData("text/plain") || "";
    if (!field.dataset?.cell || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const row = field.closest("[data-line]");
    if (field.dataset.cell !== "product") {
      fill(row, asTyped(text, cells.indexOf(field.dataset.cell)));
      return;
    }
    const { rows: found, left } = await read(text);
    const room = most - rows().indexOf(row);
    fill(row, found.slice(0, room));
    const over = found.slice(room).map((values) => cells.map((name) => values[name] ?? "").join("\t"));
    const rest = [...over, left].filter(Boolean).join("\n");
    if (rest) {
      form.elements.pasted.value = rest;
      form.querySelector(".paste-rows").open = true;
    }
  });

  // An address of the book is put into the fields, where it can still be changed.
  const book = form.elements.address;
  const parts = { ship_to_name: "name", ship_to_phone: "phone", ship_to_address: "address" };
  book?.addEventListener("change", () => {
    const chosen = book.selectedOptions[0];
    if (!book.value) return;
    Object.entries(parts).forEach(([name, part]) => (form.elements[name].value = chosen.dataset[part]));
  });
  form.addEventListener("input", (event) => {
    if (book && event.target.name in parts) book.value = "";
  });

  document.addEventListener("htmx:oobAfterSwap", (event) => {
    const facts = event.target.querySelector?.("[data-sku]");
    if (facts) prefill(event.target.closest("[data-line]"), facts);
  });

  // An entry put back may have more lines than the page came with. After htmx has begun to listen.
  form.addEventListener("entry:lines", (event) => {
    while (Number(total.value) < Math.min(event.detail, most)) add();
  });
  form.addEventListener("entry:restored", () => setTimeout(changed, 50));
  // A new order goes on with its first product, so that hands stay on the keys.
  const first = cell(rows()[0], "product");
  if (first && !first.value && document.activeElement === document.body && !document.querySelector("[data-focus]")) first.focus();
})();
