/* Says two minutes before that a quiet sign-in will end, and lets it go on with one press. The server ends it
   in any case; this page then leaves, so that nobody reads on here. What was typed is kept in this window for
   the same person, and draft.js lets it go when somebody else comes or this one signs out. */
(() => {
  "use strict";

  const { restsIn, rested, person } = document.body.dataset;
  const dialog = document.getElementById("still-there");
  if (!restsIn || !dialog || !dialog.showModal) return;

  let left = Number(restsIn) * 1000;
  let seen = Date.now();
  let watch = 0;
  let asking = false;
  const warn = Math.min(120000, left / 2);
  const says = dialog.querySelector("[data-rest-says]");

  /* -- what was typed ------------------------------------------------------------------------------- */

  const store = (() => { try { return window.sessionStorage; } catch { return null; } })();
  const KEPT = `draft:${person}:${location.pathname}:rested`;
  const isChanged = (field) => {
    if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
    if (field.options) return [...field.options].some((one) => one.selected !== one.defaultSelected);
    return field.value !== field.defaultValue;
  };
  const isWords = (field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type);
  /* Forms with a draft of their own are draft.js's. */
  const forms = () => [...document.querySelectorAll('main form[method="post"]:not([data-draft])')];

  const keepWords = () => {
    const words = forms().flatMap((form, number) => [...form.elements]
      .filter((field) => isWords(field) && isChanged(field))
      .map((field) => [number, field.name, field.value, field.checked]));
    try { if (words.length) store.setItem(KEPT, JSON.stringify(words)); } catch { /* no room */ }
  };
  const bringBack = () => {
    let words;
    try { words = JSON.parse(store.getItem(KEPT)); store.removeItem(KEPT); } catch { words = null; }
    if (!Array.isArray(words)) return;
    const all = forms();
    words.forEach(([number, name, value, checked]) => {
      const box = ["radio", "checkbox"];
      const field = all[number] && [...all[number].elements].find((one) => one.name === name
        && isWords(one) && (!box.includes(one.type) || one.value === value));
      if (!field) return;
      if (box.includes(field.type)) { field.checked = checked; } else { field.value = value; }
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  };
  if (store) bringBack();

  /* -- how long it lasts ----------------------------------------------------------------------------- */

  const begin = (again) => {
    left = again;
    seen = Date.now();
    says.textContent = "";
    if (dialog.open) dialog.close();
  };
  /* Another window of the same person that asks the server keeps this one going too. */
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(`rest-${person}`) : null;
  if (channel) {
    channel.addEventListener("message", (event) => begin(Number(event.data)));
    channel.postMessage(left);
  }

  const remains = () => left - (Date.now() - seen);
  const leave = () => {
    window.clearInterval(watch);
    if (store) keepWords();
    window.location.replace(rested);
  };
  const stay = async () => {
    if (asking) return;
    asking = true;
    const token = dialog.querySelector("[name=csrf_token]").value;
    const answer = await fetch(dialog.dataset.stay, {
      method: "POST", redirect: "manual", headers: { "X-CSRFToken": token },
    }).catch(() => null);
    asking = false;
    if (!answer) return; // no network just now: the time goes on
    if (!answer.ok) return leave();
    begin((await answer.json()).seconds * 1000);
    if (channel) channel.postMessage(left);
  };

  const look = () => {
    const rest = remains();
    if (rest <= 0) return leave();
    if (rest > warn) return;
    if (!dialog.open) dialog.showModal();
    if (rest <= 60000 && !says.textContent) says.textContent = says.dataset.minute;
  };

  dialog.querySelector("form").addEventListener("submit", stay);
  /* Escape is a press too. */
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); stay(); });
  /* Whoever types a long text is there, although nothing reaches the server. */
  const works = () => { if (!dialog.open && remains() > 0 && remains() < left / 2) stay(); };
  document.addEventListener("input", works);
  document.addEventListener("pointerdown", works);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  window.addEventListener("pageshow", look);
  watch = window.setInterval(look, 1000);
})();
