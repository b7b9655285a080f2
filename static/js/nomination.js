// A nomination is saved while it is written. Where another window saved meanwhile nothing is overwritten: the plain
// form, sent by its button, shows both.
import { countWords } from "./counting.js";

const form = document.querySelector("form[data-keep-at]");
const WAIT = 2500; // after the last key
const AGAIN = 15000; // while the line is away
let timer, saving, dirty = false, stopped = false;

function sign(text) {
  const place = form.querySelector("[data-saved]");
  if (place.textContent !== text) place.textContent = text;
}

function schedule(wait = WAIT) {
  clearTimeout(timer);
  if (!stopped) timer = setTimeout(save, wait);
}

async function save() {
  if (saving) { schedule(); return; }
  dirty = false;
  saving = true;
  const words = new FormData(form);
  for (const field of form.querySelectorAll("input[type=file]")) words.delete(field.name);
  try {
    const answer = await fetch(form.dataset.keepAt, { method: "POST", body: words, headers: { "Accept": "application/json" }, signal: AbortSignal.timeout(30000) });
    if (answer.ok) {
      form.elements.version.value = (await answer.json()).version;
      sign(dirty ? form.dataset.unsavedText : form.dataset.savedText);
    } else if (answer.status === 409) { stopped = true; dirty = true; sign(form.dataset.elsewhereText); }
    else if (answer.status === 401) { dirty = true; sign(form.dataset.signedOutText); schedule(AGAIN); }
    else { dirty = true; sign(form.dataset.unsavedText); }
  } catch {
    dirty = true;
    sign(form.dataset.offlineText);
    schedule(AGAIN);
  }
  saving = false;
}

if (form) {
  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    dirty = true;
    if (!stopped) sign(form.dataset.unsavedText);
    schedule();
  });
  form.addEventListener("submit", () => { clearTimeout(timer); stopped = true; dirty = false; });
  addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
}

for (const place of document.querySelectorAll("[data-words-of]")) {
  const field = document.getElementById(place.dataset.wordsOf), number = place.querySelector("[data-words]");
  const count = () => { number.textContent = countWords(field.value); };
  field.addEventListener("input", count);
  count();
}
