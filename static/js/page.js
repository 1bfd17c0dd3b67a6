/* Small helps for every page. Each page works without them. */
(() => {
  "use strict";

  const eachOf = (selector, act) => document.querySelectorAll(selector).forEach(act);

  /* Errors are read first. */
  const summary = document.querySelector(".error-summary[data-focus]");
  if (summary) summary.focus();

  /* One less, one more. A comma counts as a point, so that 3,5 is three and a half. */
  const places = (text) => (text.split(".")[1] || "").length;
  const asNumber = (text) => Number(text.trim().replace(",", "."));
  eachOf("[data-stepper]", (stepper) => {
    const input = stepper.querySelector("input");
    const comma = document.documentElement.lang === "es";
    const { step, least, start } = stepper.dataset;
    stepper.querySelectorAll("button").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", () => {
        const now = asNumber(input.value || start || "0");
        if (Number.isNaN(now)) return input.focus();
        const digits = Math.max(places(step), places(String(now)));
        const next = Math.max(Number(least), now + Number(step) * Number(button.dataset.by));
        const text = next.toFixed(digits);
        input.value = comma && input.value.includes(",") ? text.replace(".", ",") : text;
        input.dispatchEvent(new Event("input", { bubbles: true }));
      });
    });
  });

  /* Beginnings of a sentence: a tap puts one into the box. */
  eachOf("[data-starters]", (list) => {
    const box = document.getElementById(list.dataset.starters);
    list.querySelectorAll(".starter").forEach((starter) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "starter";
      button.textContent = starter.textContent;
      button.addEventListener("click", () => {
        const before = box.value.replace(/\s+$/, "");
        const words = button.textContent.replace(/\s*(\.\.\.|\u2026)\s*$/, "") + " ";
        box.value = before ? `${before}\n${words}` : words;
        box.focus();
        box.setSelectionRange(box.value.length, box.value.length);
        box.dispatchEvent(new Event("input", { bubbles: true }));
      });
      starter.replaceWith(button);
    });
  });

  eachOf("[data-print]", (button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });

  eachOf("[data-copy]", (button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      button.querySelector("span").textContent = button.dataset.done;
    });
  });

  /* An address that points into something folded away opens it, also in older browsers. */
  const unfold = () => {
    const aim = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    for (let box = aim && aim.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    if (aim && aim.closest("details")) aim.scrollIntoView();
  };
  window.addEventListener("hashchange", unfold);
  unfold();

  /* What is folded away on the screen belongs on paper. */
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("main details:not([open])")];
    opened.forEach((details) => { details.open = true; });
  });
  window.addEventListener("afterprint", () => opened.forEach((details) => { details.open = false; }));
})();
