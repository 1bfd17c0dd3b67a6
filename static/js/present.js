// A running conference: one card at a time, and what is typed is kept even when the network is gone.
// Without this script the page is one long form that works as it stands.

const root = document.querySelector("[data-present]");
const form = document.getElementById("live");
const cards = [...root.querySelectorAll("[data-card]")];
const store = openStore(`conference-${root.dataset.conference}`);
const words = Object.fromEntries(
  [...root.querySelector("[data-words]").content.querySelectorAll("[data-key]")].map((p) => [p.dataset.key, p.innerHTML]),
);
const RETRY = 5000;
let at = 0;

/** Keep small things for this tab: they survive a reload and end with the tab. */
function openStore(prefix) {
  const read = () => {
    try {
      return JSON.parse(sessionStorage.getItem(prefix)) || {};
    } catch {
      return {};
    }
  };
  let kept = read();
  return {
    get: (name) => kept[name],
    set(name, value) {
      kept[name] = value;
      try {
        sessionStorage.setItem(prefix, JSON.stringify(kept));
      } catch {
        kept = { ...kept };
      }
    },
  };
}

// -- one card at a time ---------------------------------------------------------------------------

function show(index, focus = true) {
  at = Math.max(0, Math.min(cards.length - 1, index));
  cards.forEach((card, n) => { card.hidden = n !== at; });
  root.querySelectorAll("[data-to]").forEach((link) => {
    if (link.dataset.to === cards[at].id) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  });
  root.querySelector("[data-back]").disabled = at === 0;
  root.querySelector("[data-next]").disabled = at === cards.length - 1;
  root.querySelector("[data-place]").textContent = `${at + 1} / ${cards.length}`;
  store.set("place", cards[at].id);
  history.replaceState(null, "", `#${cards[at].id}`);
  window.scrollTo(0, 0);
  if (focus) cards[at].focus({ preventScroll: true });
}

function indexOf(id) {
  return cards.findIndex((card) => card.id === id);
}

/** On a narrow screen the list of parts folds away: the card has the room. */
function fold() {
  if (window.matchMedia("(max-width: 60rem)").matches) root.querySelector("[data-parts]").open = false;
}

function begin() {
  fold();
  root.classList.add("one-at-a-time");
  root.querySelector("[data-steps]").hidden = false;
  root.querySelectorAll("[data-no-script]").forEach((part) => { part.hidden = true; });
  root.querySelector("[data-back]").addEventListener("click", () => show(at - 1));
  root.querySelector("[data-next]").addEventListener("click", () => show(at + 1));
  root.querySelectorAll("[data-to]").forEach((link) => {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      show(indexOf(link.dataset.to));
      fold();
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select")) return;
    if (event.key === "ArrowRight") show(at + 1);
    else if (event.key === "ArrowLeft") show(at - 1);
    else return;
    event.preventDefault();
  });
  const place = indexOf(location.hash.slice(1));
  show(place >= 0 ? place : Math.max(0, indexOf(store.get("place"))), false);
}

// -- hide, time, language --------------------------------------------------------------------------

function hiding(card) {
  const button = card.querySelector("[data-hide]");
  if (!button) return;
  button.hidden = false;
  const set = (hide) => {
    card.querySelector("[data-body]").hidden = hide;
    card.querySelector("[data-hidden-note]").hidden = !hide;
    button.querySelector("[data-hide-words]").hidden = hide;
    button.querySelector("[data-show-words]").hidden = !hide;
    store.set(`hidden ${card.id}`, hide);
  };
  button.addEventListener("click", () => set(!card.querySelector("[data-body]").hidden));
  if (store.get(`hidden ${card.id}`)) set(true);
}

function time() {
  const off = (quiet) => root.querySelectorAll("[data-time]").forEach((part) => { part.hidden = quiet; });
  root.querySelectorAll("[data-time-off], [data-time-bar]").forEach((part) => { part.hidden = false; });
  root.querySelectorAll("[data-time-off]").forEach((button) => {
    button.addEventListener("click", () => {
      store.set("no time", true);
      off(true);
    });
  });
  off(Boolean(store.get("no time")));
  setInterval(() => {
    const bar = cards[at].querySelector("[data-time-bar]");
    if (bar && bar.value < bar.max) bar.value += 5;
  }, 5000);
}

function language() {
  const button = root.querySelector("[data-language]");
  const speak = (which) => {
    root.dataset.speaks = which;
    store.set("language", which);
  };
  button.hidden = false;
  button.addEventListener("click", () => speak(root.dataset.speaks === "en" ? "es" : "en"));
  if (store.get("language")) speak(store.get("language"));
}

// -- keeping what happens ---------------------------------------------------------------------------

const dirty = new Map(Object.entries(store.get("dirty") || {}));
let sending = false;
let waiting = 0;

function remember(name) {
  const fields = [...form.elements].filter((field) => field.name === name && field.type !== "hidden");
  const several = fields[0].type === "checkbox";
  const on = fields.filter((field) => !["checkbox", "radio"].includes(field.type) || field.checked);
  dirty.set(name, { several, values: on.map((field) => field.value) });
  keepDirty();
  clearTimeout(waiting);
  waiting = setTimeout(send, 700);
}

function keepDirty() {
  store.set("dirty", Object.fromEntries(dirty));
}

function say(key, html = "") {
  const status = root.querySelector("[data-status]");
  if (status.dataset.says === key && !html) return;
  status.dataset.says = key;
  if (html) status.textContent = html;
  else status.innerHTML = words[key];
}

function body(batch) {
  const data = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
  for (const [name, { several, values }] of batch) {
    if (several) data.append("touched", name);
    for (const value of values) data.append(name, value);
  }
  return data;
}

/** Send what changed; give true when nothing is left to send. */
async function send() {
  if (sending) return false;
  if (!dirty.size) return true;
  sending = true;
  const batch = [...dirty];
  let left = true;
  try {
    const answer = await fetch(root.dataset.keep, {
      method: "POST", body: body(batch), redirect: "manual", headers: { Accept: "application/json" },
    });
    if (answer.ok) {
      left = forget(batch);
      say("saved");
    } else if (answer.status === 422) {
      const wrong = await answer.json();
      dirty.delete(wrong.field);
      keepDirty();
      say("wrong", wrong.message);
    } else if (answer.status === 410) {
      say("over");
    } else {
      say("sign_in_again");
    }
  } catch {
    say("on_device");
  } finally {
    sending = false;
  }
  return !left;
}

function forget(batch) {
  for (const [name, sent] of batch) {
    if (JSON.stringify(dirty.get(name)) === JSON.stringify(sent)) dirty.delete(name);
  }
  keepDirty();
  return dirty.size > 0;
}

function putBack() {
  for (const [name, { several, values }] of dirty) {
    for (const field of [...form.elements].filter((one) => one.name === name && one.type !== "hidden")) {
      if (several || field.type === "radio") field.checked = values.includes(field.value);
      else [field.value] = values;
    }
  }
}

function keeping() {
  putBack();
  form.addEventListener("input", (event) => event.target.name && remember(event.target.name));
  window.addEventListener("online", send);
  window.addEventListener("offline", () => dirty.size && say("on_device"));
  setInterval(send, RETRY);
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (form.dataset.safe === "yes" || !dirty.size) return;
    event.preventDefault();
    if (await send() && navigator.onLine) {
      form.dataset.safe = "yes";
      form.requestSubmit(button);
    }
  });
  if (dirty.size) send();
}

begin();
cards.forEach(hiding);
time();
language();
if (root.dataset.keep) keeping();
