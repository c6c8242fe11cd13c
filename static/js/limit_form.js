// Granting a limit: only the fields that belong to the chosen type and kind are shown.
(() => {
  "use strict";
  const form = document.getElementById("limit-form");
  if (!form) return;
  const chosen = (name) => form.querySelector(`[name="${name}"]:checked`)?.value || "";
  const show = () => {
    const type = chosen("type");
    form.querySelectorAll("[data-types]").forEach((part) => {
      part.hidden = !part.dataset.types.split(" ").includes(type);
    });
    const amount = form.querySelector("[data-kinds]");
    amount.hidden = type === "base" && chosen("kind") !== amount.dataset.kinds;
  };
  form.addEventListener("change", show);
  window.addEventListener("pageshow", show);
  show();
})();
