// Comments go to the portal while the page stays: saved as drafts on the way, sent once when the line is there.
// Whatever fails here is left to the plain form, which says what is wrong.
import { keep, store } from "./kept.js";
import { openVoices } from "./voices.js";

const words = document.getElementById("writing-words")?.dataset ?? {};
const WAIT = 3000; // after the last key
const AGAIN = 15000; // while the line is away
const timers = new WeakMap();
const queues = new WeakMap();
const saved = new WeakMap();

const cookie = (name) => document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
const roundOf = (form) => form.dataset.keep.split("-")[1];

export function sign(form, text, link) {
  const place = form.querySelector("[data-saved]");
  if (!place) return;
  // The same words again are no news: a screen reader would say them at every key.
  if (!link && place.textContent === (text ?? "")) return;
  place.textContent = text ?? "";
  if (!link) return;
  const anchor = document.createElement("a");
  anchor.href = link.href;
  anchor.textContent = link.text;
  place.append(" ", anchor);
}

// The comment as the API takes it, from the form or from what was kept of one.
function body(kept) {
  const words = (kept.proposed_text ?? "").trim();
  const comment = {
    provision: kept.provision || null,
    kind: kept.kind,
    body: kept.body ?? "",
    proposed_text: words === (kept.current ?? "").trim() ? "" : words,
    rationale: kept.rationale ?? "",
    language: kept.language,
    attribution: kept.attribution,
    anchor: null,
  };
  if (kept.provision && kept.quote?.trim()) {
    comment.anchor = { exact: kept.anchor_start ? kept.quote : kept.quote.trim() };
    if (kept.anchor_start && kept.anchor_end) {
      comment.anchor.start = Number(kept.anchor_start);
      comment.anchor.end = Number(kept.anchor_end);
    }
    if (kept.anchor_language) comment.anchor.language = kept.anchor_language;
    if (kept.anchor_version) comment.anchor.version = Number(kept.anchor_version);
  }
  return comment;
}

function valuesOf(form) {
  const kept = Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === "string" && value));
  kept.current = form.querySelector("[data-current-words]")?.textContent ?? "";
  return kept;
}

// status 0: the line is away.
async function call(method, address, content, key) {
  try {
    const answer = await fetch(address, {
      method,
      headers: { "Content-Type": "application/json", "X-CSRFToken": cookie("csrftoken") ?? "", "Accept-Language": document.documentElement.lang, ...(key && { "Idempotency-Key": key }) },
      body: JSON.stringify(content),
      signal: AbortSignal.timeout(30000),
    });
    return { status: answer.status, comment: await answer.json().catch(() => ({})) };
  } catch {
    return { status: 0, comment: {} };
  }
}

function put(round, kept, status, key) {
  const comment = { ...body(kept), status };
  // A link that is still being typed is none yet: links go along when the comment is sent.
  const links = (kept.links ?? "").split("\n").map((link) => link.trim()).filter(Boolean);
  if (status === "submitted" && links.length) comment.links = links;
  if (!kept.saved_as) return call("POST", `/api/v1/rounds/${round}/comments/`, comment, key);
  delete comment.provision;
  if (status === "draft") delete comment.status;
  return call("PATCH", `/api/v1/comments/${kept.saved_as}/`, { ...comment, version: Number(kept.version) }, status === "draft" ? null : key);
}

const signedOut = (form) => sign(form, words.signedOut, { href: `${words.signIn}?next=${encodeURIComponent(location.pathname + location.search)}`, text: words.signInText });
const isSignedOut = ({ status, comment }) => status === 401 || (status === 403 && !comment.code);

// One after the other for each form, so that versions follow each other.
function after(form, act) {
  const next = (queues.get(form) ?? Promise.resolve()).then(act);
  queues.set(form, next.catch(() => {}));
  return next;
}

async function saveNow(form) {
  const kept = valuesOf(form);
  const text = JSON.stringify(body(kept));
  if (!(kept.body?.trim() || body(kept).proposed_text) || saved.get(form) === text || form.dataset.sending) return;
  const answer = await put(roundOf(form), kept, "draft", crypto.randomUUID());
  if (!form.isConnected) return;
  if (answer.status === 200 || answer.status === 201) {
    form.elements.saved_as.value = answer.comment.id;
    form.elements.version.value = answer.comment.version;
    saved.set(form, text);
    keep(form);
    sign(form, words.saved);
  } else if (answer.status === 409 || answer.status === 404) {
    // Another window wrote into this draft, or threw it away: what stands here becomes one of its own.
    form.elements.saved_as.value = "";
    form.elements.version.value = "";
    keep(form);
    sign(form, answer.status === 409 ? words.elsewhere : words.here);
    schedule(form);
  } else if (isSignedOut(answer)) signedOut(form);
  else sign(form, answer.status ? words.here : words.offline);
}

export function schedule(form, wait = WAIT) {
  if (!form.elements.saved_as) return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => after(form, () => saveNow(form)), wait));
}

function arrived(form, comment) {
  store.drop(form.dataset.keep);
  const provision = form.closest(".draft .provision");
  const link = provision?.querySelector("[data-voices]");
  if (comment.status !== "submitted" || !link) {
    const there = form.dataset.done.replace("00000000-0000-0000-0000-000000000000", comment.id);
    location.assign(comment.status === "submitted" ? `${there}?sent` : there);
    return;
  }
  const address = new URL(link.href);
  address.searchParams.set("sent", comment.id);
  openVoices(provision, address.href);
}

async function sendNow(form) {
  const answer = await put(roundOf(form), valuesOf(form), "submitted", form.elements.idempotency_key.value);
  if (answer.status === 200 || answer.status === 201) { arrived(form, answer.comment); return; }
  if (!answer.status || answer.status === 503) { sign(form, words.waiting); setTimeout(() => retry(form), AGAIN); return; }
  delete form.dataset.sending;
  keep(form);
  if (isSignedOut(answer)) signedOut(form);
  else form.submit(); // the plain form: its page says what is wrong, and where
}

function retry(form) { if (form.isConnected && form.dataset.sending) after(form, () => sendNow(form)); }

export function send(form) {
  if (form.dataset.sending) return;
  const comment = body(valuesOf(form));
  if (!comment.body.trim() && !comment.proposed_text) { form.submit(); return; }
  form.dataset.sending = "1";
  clearTimeout(timers.get(form));
  const kept = valuesOf(form);
  keep(form, { sending: true, current: kept.current });
  sign(form, words.sending);
  after(form, () => sendNow(form));
}

// What was to be sent from pages that are closed by now.
async function sendWaiting() {
  const open = new Set([...document.querySelectorAll("form[data-keep]")].map((form) => form.dataset.keep));
  for (const form of document.querySelectorAll("form[data-keep][data-sending]")) retry(form);
  for (const key of store.keys()) {
    const kept = store.get(key);
    if (!kept?.sending || open.has(key) || key.split("-")[0] !== words.person) continue;
    const answer = await put(key.split("-")[1], kept, "submitted", kept.idempotency_key);
    if (answer.status === 200 || answer.status === 201) {
      store.drop(key);
      announce(answer.comment);
    } else if (answer.status && answer.status !== 503 && !isSignedOut(answer)) {
      delete kept.sending; // to be looked at by its author, where it was written
      store.set(key, kept);
    }
  }
}

function announce(comment) {
  const place = document.querySelector("main");
  const note = document.createElement("p");
  note.className = "notice notice--good wrap";
  note.setAttribute("role", "status");
  note.textContent = comment.number ? `${words.arrived} (${comment.number})` : words.arrived;
  place?.prepend(note);
}

addEventListener("online", sendWaiting);
if (words.person) sendWaiting();
