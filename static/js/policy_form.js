// The form of a policy version: rows come and go in place. The server draws them.
(() => {
  "use strict";
  const form = document.getElementById("policy-form");
  if (!form) return;
  const part = document.getElementById("rules-part");
  let asked = 0;

  const draw = async (wish, focus) => {
    const turn = (asked += 1);
    const body = new FormData(form);
    body.set("do", wish);
    const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
    if (turn !== asked) return;
    if (!answer?.ok || answer.redirected) {
      form.requestSubmit(form.querySelector(`[name="do"][value="save"]`));
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    part.replaceChildren(...page.getElementById("rules-part").childNodes);
    focus();
  };
  const last = (selector) => () => [...part.querySelectorAll(selector)].at(-1)?.focus();

  form.addEventListener("submit", (event) => {
    const wish = event.submitter?.value;
    if (!wish || wish === "save") return;
    event.preventDefault();
    const rule = event.submitter.closest("fieldset")?.id;
    if (wish === "add-rule") draw(wish, last(`input[name$="-code"]`));
    else if (wish.startsWith("add-") || wish.startsWith("anew-")) draw(wish, last(`#${rule} [data-refresh]`));
    else draw(wish, last(`[value="add-rule"]`));
  });
  form.addEventListener("change", (event) => {
    if (!event.target.matches("[data-refresh]")) return;
    const row = event.target.id.replace(/-what$/, "");
    draw("show", () => (document.getElementById(`${row}-value`) || document.getElementById(`${row}-what`))?.focus());
  });
})();
