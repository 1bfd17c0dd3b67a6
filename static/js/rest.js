/* Says two minutes before that a quiet sign-in will end, and lets it go on with one press. The server ends it
   in any case; this page then leaves, so that nobody reads on here. What was typed stays with draft.js. */
(() => {
  "use strict";

  const { restsIn, rested } = document.body.dataset;
  const dialog = document.getElementById("still-there");
  if (!restsIn || !dialog || !dialog.showModal) return;

  let left = Number(restsIn) * 1000;
  let seen = Date.now();
  const warn = Math.min(120000, left / 2);
  const says = dialog.querySelector("[data-rest-says]");

  const begin = (again) => {
    left = again;
    seen = Date.now();
    says.textContent = "";
    if (dialog.open) dialog.close();
  };
  /* Another window of the same sign-in that asks the server keeps this one going too. */
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("rest") : null;
  if (channel) {
    channel.addEventListener("message", (event) => begin(Number(event.data)));
    channel.postMessage(left);
  }

  const leave = () => { window.location.replace(rested); };
  const stay = async () => {
    const token = dialog.querySelector("[name=csrf_token]").value;
    const answer = await fetch(dialog.dataset.stay, {
      method: "POST", redirect: "manual", headers: { "X-CSRFToken": token },
    }).catch(() => null);
    if (!answer || !answer.ok) return leave();
    begin((await answer.json()).seconds * 1000);
    if (channel) channel.postMessage(left);
  };

  const look = () => {
    const rest = left - (Date.now() - seen);
    if (rest <= 0) return leave();
    if (rest > warn) return;
    if (!dialog.open) dialog.showModal();
    if (rest <= 60000 && !says.textContent) says.textContent = says.dataset.minute;
  };

  dialog.querySelector("form").addEventListener("submit", stay);
  /* Escape is a press too. */
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); stay(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  window.addEventListener("pageshow", look);
  window.setInterval(look, 1000);
})();
