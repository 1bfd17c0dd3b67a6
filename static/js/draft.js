/* Keeps what is being typed in a form with data-draft="NAME", in this tab only and for this person only,
   until the form was taken or the person signs out. */
(() => {
  "use strict";

  const PREFIX = "draft:";
  const person = document.body.dataset.person || "visitor";
  const store = (() => { try { return window.sessionStorage; } catch { return null; } })();
  if (!store) return;

  const keys = () => Object.keys(store).filter((key) => key.startsWith(PREFIX));
  const keyOf = (form) => `${PREFIX}${person}:${location.pathname}:${form.dataset.draft}`;
  const fieldsOf = (form) => [...form.elements].filter(
    (field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type));

  /* The number of the wording that the form was opened with, where there is one. */
  const seenOf = (form) => (form.elements.seen ? form.elements.seen.value : null);

  const keep = (form) => {
    const words = fieldsOf(form).map((field) => [
      field.name, field.value, ["radio", "checkbox"].includes(field.type) ? field.checked : null]);
    const kept = { seen: seenOf(form), words };
    try { store.setItem(keyOf(form), JSON.stringify(kept)); } catch { /* no room: the page still has it */ }
  };

  /* Something else was saved since: what was being typed stands beside it, to be copied, and never over it. */
  const showBeside = (form, words) => {
    const place = form.querySelector("[data-kept-draft]");
    if (!place) return false;
    const typed = words.filter(([, value, checked]) => checked === null && value.trim()).map(([, value]) => value);
    const here = fieldsOf(form).map((field) => field.value);
    if (typed.every((value) => here.includes(value))) return true;
    place.querySelector("[data-kept-words]").textContent = typed.join("\n");
    place.hidden = false;
    return true;
  };

  const restore = (form) => {
    let kept;
    try { kept = JSON.parse(store.getItem(keyOf(form))); } catch { kept = null; }
    if (!kept || !Array.isArray(kept.words)) return;
    if (kept.seen !== seenOf(form) && showBeside(form, kept.words)) return;
    const fields = fieldsOf(form);
    kept.words.forEach(([name, value, checked]) => {
      const field = fields.find((one) => one.name === name && (checked === null || one.value === value));
      if (!field) return;
      if (checked === null) { field.value = value; } else { field.checked = checked; }
    });
    form.dispatchEvent(new CustomEvent("draft-restored", { bubbles: true }));
  };

  /* Drafts of somebody else who used this tab are nobody's to read. A visitor may be the same person,
     whose sign-in rested too long: they find their words again. */
  if (person !== "visitor") keys().filter((key) => !key.startsWith(`${PREFIX}${person}:`)).forEach((key) => store.removeItem(key));

  const hasErrors = Boolean(document.querySelector(".error-summary"));
  /* A sent form was taken when it led to this page, the page shows no errors, and the person is still there:
     a network that was cut leads nowhere, and a sign-in that rested leads to the page for signing in. */
  const cameFrom = () => { try { return new URL(document.referrer).pathname; } catch { return ""; } };
  const sent = store.getItem("sent-draft");
  store.removeItem("sent-draft");
  const mine = sent && sent.startsWith(`${PREFIX}${person}:`) && sent.includes(`:${cameFrom()}:`);
  if (mine && !hasErrors && !document.querySelector("[data-not-saved]")) store.removeItem(sent);

  document.querySelectorAll("form[data-draft]").forEach((form) => {
    restore(form);
    form.addEventListener("input", () => keep(form));
    form.addEventListener("change", () => keep(form));
    form.addEventListener("submit", () => { keep(form); store.setItem("sent-draft", keyOf(form)); });
  });
  document.querySelectorAll("form[data-clears-drafts]").forEach((form) => {
    form.addEventListener("submit", () => keys().forEach((key) => store.removeItem(key)));
  });
})();
