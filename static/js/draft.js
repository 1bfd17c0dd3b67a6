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

  const keep = (form) => {
    const words = fieldsOf(form).map((field) => [
      field.name, field.value, ["radio", "checkbox"].includes(field.type) ? field.checked : null]);
    try { store.setItem(keyOf(form), JSON.stringify(words)); } catch { /* no room: the page still has it */ }
  };

  const restore = (form) => {
    let kept;
    try { kept = JSON.parse(store.getItem(keyOf(form))); } catch { kept = null; }
    if (!Array.isArray(kept)) return;
    const fields = fieldsOf(form);
    kept.forEach(([name, value, checked]) => {
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
  /* A sent form was taken when the next page of this tab shows no errors. */
  const sent = store.getItem("sent-draft");
  store.removeItem("sent-draft");
  if (sent && !hasErrors && !document.querySelector("[data-not-saved]")) store.removeItem(sent);

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
