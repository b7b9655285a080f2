// A drafter's workspace: the change appears while it is typed, what is typed is kept, and who else is here is told.
import { withBlanks } from "./insertion.js";
import { redline } from "./redline.js";

const form = document.querySelector("form[data-edit][data-work]");
const KEEP_AFTER = 2000;
const BEAT = 15000;
const { heading, text } = form?.elements ?? {};
const fields = { heading, text };

const saved = (name) => form.querySelector(`template[data-saved-${name}]`).content.textContent;
const say = (words) => { const place = form.querySelector("[data-sign]"); if (place.textContent !== words) place.textContent = words; };
const changed = () => ["heading", "text"].some((name) => fields[name].value.trim() !== saved(name).trim());

// Names the mark of a new footnote that no field of the text has yet.
function freshMark() {
  for (let n = 1; ; n += 1) { const mark = n === 1 ? "new" : `new${n}`; if (!text.value.includes(`[^${mark}]`)) return mark; }
}

let frame = 0;
function draw() {
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(() => setTimeout(() => {
    form.querySelector("[data-live]").hidden = !changed();
    for (const name of ["heading", "text"]) {
      const [before, after] = [saved(name).trim(), fields[name].value.trim()];
      form.querySelector(`[data-live-${name}]`).replaceChildren(...(before === after && name === "heading" ? [] : redline(before, after)).map(([tag, words]) => {
        const piece = document.createElement(tag);
        piece.textContent = words;
        return piece;
      }));
    }
  }));
}

async function post(address, body) {
  try {
    const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(30000) });
    return { status: answer.status, said: await answer.json().catch(() => ({})) };
  } catch {
    return { status: 0, said: {} };
  }
}

const overtaken = (version) => version && version !== Number(form.elements.version.value);
function tell({ status, said }) {
  if (!status) say(form.dataset.away);
  else if (overtaken(said.version)) say(form.dataset.overtaken);
  else if (status === 200) say(changed() ? form.dataset.kept : form.dataset.stands);
}

let timer = 0;
let kept = "";
let leaving = false;
async function keep() {
  const body = new FormData(form);
  const words = JSON.stringify([...body].filter(([name]) => name !== "csrfmiddlewaretoken"));
  if (words === kept || leaving) return;
  const answer = await post(form.dataset.work, body);
  if (answer.status === 200) kept = words;
  if (!leaving) tell(answer);
}

function typed() {
  say(changed() ? form.dataset.unsaved : form.dataset.stands);
  clearTimeout(timer);
  timer = setTimeout(keep, KEEP_AFTER);
  draw();
}

function insert(words) {
  text.setRangeText(words, text.selectionStart, text.selectionEnd, "end");
  text.focus();
  text.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

function insertNote() {
  const place = form.querySelector("[data-new-notes]");
  const mark = freshMark();
  let note = place.querySelector(`[name="note-${mark}"]`)?.closest("details");
  if (!note) {
    const first = place.querySelector("details");
    note = first.cloneNode(true);
    const field = note.querySelector("textarea");
    const old = field.name.slice(5);
    for (const each of [note.querySelector("summary"), field]) {
      if (each === field) each.setAttribute("aria-label", each.getAttribute("aria-label").replace(`[^${old}]`, `[^${mark}]`));
      else each.textContent = each.textContent.replace(`[^${old}]`, `[^${mark}]`);
    }
    field.name = `note-${mark}`;
    field.value = "";
    place.append(note);
  }
  insert(`[^${mark}]`);
  note.open = true;
  note.querySelector("textarea").focus();
}

const names = () => document.getElementById("provision-names");
async function fetchNames() {
  const list = names();
  if (list.children.length) return;
  const { names: found } = await (await fetch(form.dataset.names)).json();
  list.replaceChildren(...found.map(({ key, name }) => Object.assign(document.createElement("option"), { value: name, label: key })));
}

function referTo(field, option) {
  field.value = "";
  field.setCustomValidity("");
  insert(`[#${option.label}]`);
}

function refer({ target }) {
  target.setCustomValidity("");
  const option = [...names().children].find((each) => each.value === target.value);
  if (option) referTo(target, option);
}

// Enter never sends the form from here: it refers to what was typed where that is one provision only.
async function referByEnter(event) {
  if (event.key !== "Enter" || event.isComposing) return;
  const field = event.target;
  field.setCustomValidity("");
  if (event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  await fetchNames();
  const typed = field.value.trim().toLocaleLowerCase();
  if (!typed) return;
  const options = [...names().children];
  const among = (fits) => options.filter((each) => fits(each.value.toLocaleLowerCase(), each.label));
  const exact = among((name, key) => key === typed || name.split(":")[0] === typed);
  const found = exact.length ? exact : among((name) => name.includes(typed));
  if (found.length === 1) { referTo(field, found[0]); return; }
  field.setCustomValidity(field.dataset.choose);
  field.reportValidity();
}

async function beat() {
  const answer = await post(form.dataset.here, new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value }));
  if (answer.status !== 200) return;
  const place = document.querySelector("[data-presence]");
  const words = answer.said.others.length ? `${place.dataset.with} ${new Intl.ListFormat(document.documentElement.lang, { type: "unit" }).format(answer.said.others)}` : "";
  if (place.textContent !== words) place.textContent = words;
  place.hidden = !words;
  if (overtaken(answer.said.version)) say(form.dataset.overtaken);
}

function start() {
  form.addEventListener("input", (event) => { if (event.target.name && !event.target.closest("[data-insert]")) typed(); });
  form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); });
  for (const tools of form.querySelectorAll("[data-insert], .keys-hint")) tools.hidden = false;
  form.querySelector("[data-insert-note]")?.addEventListener("click", insertNote);
  form.querySelector("[data-insert-reference]")?.addEventListener("focus", fetchNames);
  form.querySelector("[data-insert-reference]")?.addEventListener("input", refer);
  form.querySelector("[data-insert-reference]")?.addEventListener("keydown", referByEnter);
  form.querySelector("[data-insert-reference]")?.addEventListener("blur", ({ target }) => target.setCustomValidity(""));
  form.querySelector("[data-insert-term]")?.addEventListener("change", ({ target }) => { if (target.value) insert(withBlanks(text, target.value)); target.value = ""; });
  draw();
  if (changed()) say(form.dataset.kept);
  setInterval(beat, BEAT);
  addEventListener("pagehide", () => {
    const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, gone: "1" });
    navigator.sendBeacon(form.dataset.here, body);
  });
}

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key !== "Enter") return;
  const edited = event.target.closest?.("form[data-edit]");
  if (edited && !edited.matches("[data-translate]")) { event.preventDefault(); edited.requestSubmit(); }
});

if (form) start();
