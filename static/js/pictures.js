/* Collects the pictures here, so that the page is asked for once and not after each press. */
(() => {
  "use strict";

  const form = document.querySelector("form[data-pictures]");
  if (!form) return;
  const picked = form.querySelector("[name=picked]");
  const says = form.querySelector("[data-pressed]");
  const most = Number(form.dataset.pictures);
  const list = () => picked.value.split(",").filter(Boolean);
  const tell = () => { says.textContent = says.dataset.words.replace("#", String(list().length)); };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.name === "over" && !form.querySelector("[name=first], [name=old]")) {
      event.preventDefault();
      picked.value = "";
      tell();
    }
    /* The last picture goes with the form itself. */
    if (button.name === "pick" && list().length < most - 1) {
      event.preventDefault();
      picked.value = [...list(), button.value].join(",");
      tell();
    }
  });
})();
