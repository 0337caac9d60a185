// The web chat's script: clicks without a new page, one dialog, live news.
// Every page also works without it; it decides nothing and stores no answer.

const byId = (id) => document.getElementById(id);
const words = document.body.dataset;
const dialog = byId("dialog");
const live = byId("live");
const asJson = { Accept: "application/json" };

// --- Sending ------------------------------------------------------------------------------------

const eventIds = new WeakMap(); // a form keeps its id until it has been received: a retry is no second click
let sending = false;

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function setBusy(form, busy) {
  sending = busy;
  const card = form.closest(".card") ?? form;
  card.classList.toggle("busy", busy);
  for (const button of form.querySelectorAll("button:not([type=button])")) {
    button.toggleAttribute("aria-disabled", busy);
    if (busy) button.setAttribute("aria-disabled", "true");
  }
}

async function post(form) {
  const fields = new URLSearchParams(new FormData(form));
  if (!eventIds.has(form)) eventIds.set(form, newId());
  fields.set("event", eventIds.get(form));
  setBusy(form, true);
  try {
    const target = form.getAttribute("action"); // form.action may be an input of that name
    const response = await fetch(target, { method: "POST", body: fields, headers: asJson });
    if (response.status === 401) return { kind: "fault", text: words.signedOut };
    const reply = await response.json();
    if (response.ok) eventIds.delete(form);
    return reply;
  } catch {
    return { kind: "fault", text: words.failed };
  } finally {
    setBusy(form, false);
  }
}

async function submit(form) {
  if (sending || !fits(form)) return;
  const reply = await post(form);
  if (reply.kind === "fault") return complain(reply.text);
  if (form.matches("[data-form]") && reply.kind !== "ask") drafts.delete(draftKey(form));
  if (form.matches("[data-say]")) said(form);
  show(reply);
}

function show(reply) {
  if (reply.kind === "show" || reply.kind === "ask") return openDialog(reply);
  if (reply.kind === "say") toast(reply.text);
  if (dialog.open) dialog.close();
  else refresh();
}

function complain(text) {
  if (!dialog?.open) return toast(text, true);
  const notice = byId("dialog-notice");
  notice.hidden = false;
  notice.textContent = text;
  notice.scrollIntoView({ block: "nearest" });
}

let toastTimer;
function toast(text, stays = false) {
  const box = byId("toast");
  if (!box) return;
  clearTimeout(toastTimer);
  box.textContent = text;
  box.classList.toggle("fault", stays);
  if (!stays) toastTimer = setTimeout(() => (box.textContent = ""), 9000);
}

// The second half of a double click must not land on the next question's answer.
let clickedAt = 0;
let drawnAt = 0;
document.addEventListener(
  "click",
  (event) => {
    if (event.detail > 1 && drawnAt > clickedAt && event.target.closest("[data-act]")) event.preventDefault();
    clickedAt = performance.now();
  },
  true,
);

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-act], [data-form], [data-say]")) return;
  event.preventDefault();
  submit(event.target);
});

// --- The dialog ---------------------------------------------------------------------------------

let opener = null;
const drafts = new Map(); // typed text of a form that was closed; gone with the page

const keyOf = (element) => element?.dataset?.id ?? element?.dataset?.path;
const draftKey = (form) => `${form.elements.form.value} ${form.elements.context.value}`;

function openDialog(reply) {
  const body = byId("dialog-body");
  body.innerHTML = reply.html;
  drawnAt = performance.now();
  byId("dialog-notice").hidden = true;
  const foot = dialog.querySelector(".dialog-foot");
  foot.hidden = !reply.done;
  foot.firstElementChild.classList.toggle("primary", !body.querySelector(".btn.primary")); // one of them
  toast("");
  if (!dialog.open) {
    opener = keyOf(document.activeElement) ?? document.activeElement?.id;
    dialog.showModal();
  }
  dialog.scrollTop = 0;
  restoreDraft(body.querySelector("[data-form]"));
  body.querySelectorAll("[data-limit]").forEach(count);
  const wrong = body.querySelector("[aria-invalid=true]");
  const first = wrong?.matches("fieldset") ? wrong.querySelector("input") : wrong;
  (first ?? body.querySelector(".question") ?? body.querySelector(".title") ?? body.querySelector("button"))?.focus();
}

function restoreDraft(form) {
  const draft = form && drafts.get(draftKey(form));
  if (!draft) return;
  for (const [name, value] of draft) {
    const field = form.elements.namedItem(name);
    if (field?.matches?.("textarea, input[type=text]")) field.value = value;
  }
}

function keepDraft(form) {
  drafts.set(draftKey(form), [...new FormData(form)].filter(([name]) => name.startsWith("t.")));
}

dialog?.addEventListener("close", async () => {
  byId("dialog-body").replaceChildren();
  focusOn(opener);
  await refresh();
  if (document.activeElement === document.body) focusOn(opener);
});

function focusOn(key) {
  const same = key && document.querySelector(`[data-id="${CSS.escape(key)}"], [data-path="${CSS.escape(key)}"]`);
  const target = same || (key && byId(key)) || document.querySelector("#waiting .title") || byId("main");
  target?.focus({ preventScroll: Boolean(!same) });
}

document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-close]");
  if (!closer || !dialog?.open) return;
  event.preventDefault();
  dialog.close();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.matches("input, textarea, select")) return;
  const scope = dialog?.open ? dialog : event.target.closest(".waiting");
  const button = scope?.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!button) return;
  event.preventDefault();
  button.focus();
  button.click();
});

// --- Typing -------------------------------------------------------------------------------------

const lengthOf = (field) => [...field.value.normalize("NFC")].length;

function count(field) {
  const counter = byId(`${field.id}-count`);
  if (!counter) return 0;
  const limit = Number(field.dataset.limit);
  const length = lengthOf(field);
  const over = Math.max(0, length - limit);
  counter.hidden = field.matches("input") && length < limit * 0.8;
  counter.classList.toggle("over", over > 0);
  counter.setAttribute("aria-live", over > 0 ? "polite" : "off");
  const [template, name, value] = over ? [counter.dataset.over, "{over}", over] : [counter.dataset.count, "{count}", length];
  counter.textContent = template.replace(name, value);
  return over;
}

function fits(form) {
  const long = [...form.querySelectorAll("[data-limit]")].filter((field) => count(field) > 0);
  for (const field of long) field.setAttribute("aria-invalid", "true");
  long[0]?.focus();
  return long.length === 0;
}

document.addEventListener("input", (event) => {
  const field = event.target;
  if (field.matches("[data-limit]") && count(field) === 0 && !byId(`${field.id}-error`)) field.removeAttribute("aria-invalid");
  if (field.form?.matches("[data-form]")) keepDraft(field.form);
  if (field.matches("[data-filter]")) filterPeople(field.value);
});

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

function filterPeople(typed) {
  let any = false;
  for (const team of document.querySelectorAll("[data-team]")) {
    for (const person of team.querySelectorAll("li")) person.hidden = !plain(person.dataset.name).includes(plain(typed.trim()));
    team.hidden = !team.querySelector("li:not([hidden])");
    any ||= !team.hidden;
  }
  const none = byId("no-match");
  none.textContent = any ? "" : none.dataset.none;
}
document.querySelector(".filter")?.removeAttribute("hidden");

// --- Clocks that run down ----------------------------------------------------------------------

// A meeting's clock; it shows, and decides nothing: when time is up is the server's to say.
function runDown() {
  for (const clock of document.querySelectorAll(".countdown")) {
    const { until, left } = clock.dataset;
    const seconds = until ? Math.max(0, Math.ceil((Date.parse(until) - Date.now()) / 1000)) : Number(left);
    if (Number.isNaN(seconds)) continue;
    const shown = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (clock.querySelector(".clock").textContent !== shown) clock.querySelector(".clock").textContent = shown;
  }
}
setInterval(runDown, 500);

// --- The composer -------------------------------------------------------------------------------

const composer = byId("say");
const hints = byId("hints");

function hint() {
  const typed = plain(composer.value);
  const verb = typed.replace(/^\/\S*\s*/, "");
  let any = false;
  for (const line of hints.querySelectorAll("[data-fill]")) {
    const fill = plain(line.dataset.fill);
    line.hidden = !(fill.startsWith(typed.trim()) || (verb && fill.includes(verb)));
    any ||= !line.hidden;
  }
  hints.hidden = !typed.startsWith("/") || !any;
}

function grow() {
  composer.style.height = "auto";
  composer.style.height = `${Math.min(composer.scrollHeight + 2, 180)}px`;
}

composer?.addEventListener("input", () => {
  hint();
  grow();
});
composer?.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hints.hidden = true;
  const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing && matchMedia("(pointer: fine)").matches;
  if (!sends) return;
  event.preventDefault();
  if (composer.value.trim()) composer.form.requestSubmit();
});
hints?.addEventListener("click", (event) => {
  const line = event.target.closest("[data-fill]");
  if (!line) return;
  composer.value = line.dataset.fill;
  hints.hidden = true;
  composer.focus();
});

function said(form) {
  form.reset();
  hints.hidden = true;
  grow();
  follow = true;
}

// --- What changed -------------------------------------------------------------------------------

let follow = false; // go to the end once what was said is there
let refreshing = false;
let again = false;

async function refresh() {
  if (!live) return;
  if (refreshing) return void (again = true);
  refreshing = true;
  try {
    const response = await fetch(live.dataset.source, { headers: asJson });
    if (response.ok) apply(await response.json());
    else if (response.status === 401) toast(words.signedOut, true);
  } catch {
    // the stream says when the connection is back, and asks again then
  } finally {
    refreshing = false;
    if (again) {
      again = false;
      refresh();
    }
  }
}

function apply(parts) {
  const focused = keyOf(document.activeElement);
  const atEnd = nearEnd();
  document.title = parts.title;
  const fresh = "stream" in parts ? merge(byId("stream"), parts.stream) : 0;
  for (const id of ["waiting", "cards", "entries"]) if (id in parts) replace(byId(id), parts[id]);
  if ("waiting" in parts) byId("waiting").hidden = !byId("waiting").firstElementChild;
  if (byId("stream")?.firstElementChild && byId("empty")) byId("empty").hidden = true;
  marks();
  if (focused && document.activeElement === document.body) focusOn(focused);
  if (fresh && (atEnd || follow)) toEnd();
  else if (fresh) byId("news").hidden = false;
  if (fresh && !follow) byId("announce").textContent = words.news;
  follow = false;
}

// Events' ids differ in every drawing, an opened table is the reader's own: neither is a change.
function same(one, other) {
  const [a, b] = [one.cloneNode(true), other.cloneNode(true)];
  for (const copy of [a, b]) {
    copy.querySelectorAll("[name=event]").forEach((field) => field.setAttribute("value", ""));
    copy.querySelectorAll("details").forEach((details) => details.removeAttribute("open"));
    copy.querySelectorAll(".countdown .clock").forEach((clock) => (clock.textContent = ""));
  }
  return a.isEqualNode(b);
}

function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return [...template.content.children];
}

function replace(box, html) {
  const next = parsed(html);
  const now = [...box.children];
  next.forEach((element, at) => {
    if (!now[at]) box.append(element);
    else if (!same(now[at], element)) now[at].replaceWith(element);
  });
  now.slice(next.length).forEach((element) => element.remove());
}

function merge(box, html) {
  let fresh = 0;
  for (const item of parsed(html)) {
    const now = byId(item.id);
    if (!now) {
      box.append(item);
      fresh += 1;
    } else if (!same(now, item)) now.replaceWith(item);
  }
  return fresh;
}

const nearEnd = () => innerHeight + scrollY >= document.documentElement.scrollHeight - 160;
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const toEnd = () => scrollTo({ top: document.documentElement.scrollHeight, behavior: calm() ? "auto" : "smooth" });

byId("news")?.addEventListener("click", toEnd);
addEventListener("scroll", () => byId("news") && nearEnd() && (byId("news").hidden = true), { passive: true });

// --- The list -----------------------------------------------------------------------------------

function marks() {
  let elsewhere = false;
  for (const entry of document.querySelectorAll("[data-newest]")) {
    const key = `seen ${words.person} ${entry.dataset.path}`;
    const newest = Number(entry.dataset.newest);
    const here = entry.getAttribute("aria-current") === "page";
    if (here && newest) localStorage.setItem(key, newest);
    const unread = !here && newest > Number(localStorage.getItem(key) ?? 0);
    entry.querySelector("[data-dot]").hidden = !unread;
    entry.classList.toggle("unread", unread);
    elsewhere ||= !here && (unread || Boolean(entry.querySelector(".badge")));
  }
  if (byId("top-dot")) byId("top-dot").hidden = !elsewhere;
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("#earlier");
  if (!link) return;
  event.preventDefault();
  const response = await fetch(link.href, { headers: asJson }).catch(() => null);
  if (!response?.ok) return toast(words.offline);
  const parts = await response.json();
  const height = document.documentElement.scrollHeight;
  byId("stream").prepend(...parsed(parts.stream));
  byId("earlier-slot").innerHTML = parts["earlier-slot"];
  scrollBy(0, document.documentElement.scrollHeight - height);
  (byId("earlier") ?? byId("main")).focus({ preventScroll: true });
});

document.addEventListener(
  "error",
  (event) => {
    const figure = event.target.closest?.(".chart");
    if (!figure) return;
    event.target.closest("picture").hidden = true;
    figure.querySelector("details").open = true;
  },
  true,
);

// --- Live ---------------------------------------------------------------------------------------

let stream;
let waits = 1000;
let lost = false;

function listen() {
  stream?.close();
  stream = new EventSource("/live");
  stream.addEventListener("hello", () => {
    waits = 1000;
    if (lost) toast(words.online);
    lost = false;
    refresh();
  });
  // a little spread, so that a whole department does not ask in the same instant
  stream.onmessage = () => setTimeout(refresh, Math.random() * 250);
  stream.onerror = () => {
    stream.close();
    if (waits > 2000 && !lost) {
      lost = true;
      toast(words.offline, true);
    }
    setTimeout(listen, waits);
    waits = Math.min(waits * 2, 30000);
  };
}

let resting;
document.addEventListener("visibilitychange", () => {
  clearTimeout(resting);
  // browsers allow few open streams: a page nobody looks at gives its own back after a while
  if (document.hidden) resting = setTimeout(() => stream?.close(), 300000);
  else if (stream?.readyState === EventSource.CLOSED) listen();
});
addEventListener("pagehide", () => stream?.close());
addEventListener("pageshow", (event) => event.persisted && "live" in words && listen());

// --- Beginning ----------------------------------------------------------------------------------

document.querySelectorAll("[data-limit]").forEach(count);
if (live) {
  if (new URLSearchParams(location.search).has("before")) location.replace(location.pathname);
  marks();
  if (byId("stream")) {
    const waiting = document.querySelector("#waiting:not([hidden])");
    const tall = waiting && waiting.offsetHeight > innerHeight * 0.6;
    scrollTo({ top: tall ? waiting.offsetTop - 80 : document.documentElement.scrollHeight, behavior: "instant" });
  }
}
runDown();
if ("live" in words) listen();
