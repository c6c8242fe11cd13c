// The decision: its button says what it will do, a shortcut leads on to what has to be typed.
(() => {
  "use strict";
  const form = document.querySelector("[data-decide]");
  if (form) {
    const button = form.querySelector("[data-decide-button]");
    const empty = button.textContent;
    const chosen = () => form.querySelector("[name=answer]:checked");
    const show = () => {
      const choice = chosen();
      const rejects = choice?.value === "reject";
      button.textContent = choice ? choice.dataset.label : empty;
      button.classList.toggle("is-danger", rejects);
      if (rejects) button.dataset.confirm = button.dataset.reject;
      else delete button.dataset.confirm;
    };
    form.addEventListener("change", show);
    window.addEventListener("pageshow", show);
    show();
    // A shortcut clicks for the person; whoever walks the choices by arrow keys is left where they are.
    form.addEventListener("click", (event) => {
      if (event.isTrusted || event.target.name !== "answer") return;
      const first = chosen()?.value === "conditions" ? "prepay" : "comment";
      setTimeout(() => form.elements[first].focus());
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit(button);
    });
  }
  const ask = document.querySelector("details.ask");
  ask?.addEventListener("toggle", () => ask.open && ask.querySelector("textarea").focus());
})();
