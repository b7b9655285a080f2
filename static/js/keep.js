// Forms that keep what is typed into them; comments are saved and sent from here too (sending.js).
import { keep, restore, store } from "./kept.js";
import { schedule, send, sign } from "./sending.js";

const words = document.getElementById("writing-words")?.dataset ?? {};
// An address, a telephone number, an account: what one may not have meant to publish.
const PERSONAL = /[\w.+-]+@[\w-]+\.[\w.-]+|(?:\+|00)\d[\d ()./-]{7,}\d|\b\d(?:[ .-]?\d){8,}\b|\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,}/;

function warn(form) {
  const place = form.querySelector("[data-personal]");
  if (place) place.hidden = ![...form.querySelectorAll("textarea:not([name=quote], [name=links])")].some((field) => PERSONAL.test(field.value));
}

function prepare(root) {
  for (const form of root.querySelectorAll("form[data-keep]")) {
    if (form.dataset.prepared) continue;
    form.dataset.prepared = "1";
    // The address leads to what was sent from this form: it has arrived.
    if (form.dataset.keptUntil && location.hash.startsWith(form.dataset.keptUntil)) store.drop(form.dataset.keep);
    if (restore(form)) { sign(form, words.here); schedule(form); }
    warn(form);
    form.addEventListener("input", (event) => {
      // Words typed by hand stand where they are found, not where others were selected.
      if (event.target.name === "quote") form.elements.anchor_start.value = form.elements.anchor_end.value = "";
      if (keep(form)) sign(form, words.here);
      warn(form);
      schedule(form);
    });
    form.addEventListener("quoted", () => { keep(form); schedule(form); });
    if (form.querySelector(".error-summary")) keep(form);
    form.addEventListener("submit", (event) => {
      const draft = event.submitter?.name === "draft";
      if (form.matches(".comment-form")) {
        // A draft with links is saved by the plain form: its page says what is wrong with one, and takes files.
        if (draft && navigator.onLine && form.elements.links?.value.trim()) return;
        event.preventDefault();
        if (draft) schedule(form, 0); else send(form);
      } else if (!navigator.onLine) {
        event.preventDefault();
        sign(form, words.offline);
      }
    });
    const details = [...form.querySelectorAll("details")].find((d) => d.querySelector("[name=proposed_text]"));
    const current = form.querySelector("[data-current-words]");
    details?.addEventListener("toggle", () => {
      const field = details.querySelector("[name=proposed_text]");
      if (!details.open || field.value || !current) return;
      field.value = current.textContent;
      current.closest("p").hidden = true; // they stand in the field now
      // The cursor goes to the words that were selected.
      const quote = form.elements.quote?.value ?? "";
      const at = quote ? field.value.indexOf(quote) : -1;
      field.focus();
      if (at >= 0) field.setSelectionRange(at, at + quote.length);
    });
  }
}

// The page of one's own comment: what is kept with the very same words has arrived.
const squeezed = (text) => (text ?? "").replace(/\[\^([^\]\s]+)\]/g, "$1").replace(/\s+/g, "");
for (const place of document.querySelectorAll("[data-arrived]")) {
  const said = squeezed(place.querySelector("[data-body]")?.textContent);
  const proposed = squeezed([...place.querySelectorAll("[data-proposed] :is(ins, span)")].map((piece) => piece.textContent).join(""));
  for (const key of place.dataset.arrived.split(" ")) {
    const kept = store.get(key);
    if (!kept || squeezed(kept.body) !== said) continue;
    // An opened but unchanged proposal is none, so without one there is nothing to compare.
    if (!proposed || squeezed(kept.proposed_text) === proposed) store.drop(key);
  }
}

document.addEventListener("voices:shown", (event) => prepare(event.target));
prepare(document);
