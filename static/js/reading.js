// The reading room: voices beside the text, the words that a comment quotes, and the place kept when the
// language changes. Everything is a link that works without this file.
import { rangeOf, show, wordsOf } from "./place.js";
import { openVoices } from "./voices.js";

const provisions = [...document.querySelectorAll(".draft .provision[id]")];

// Voices: one provision's at a time; what was typed into the others is kept by keep.js.
function close(voices, focus = true) {
  const provision = voices.closest(".provision");
  voices.remove();
  show(null);
  if (focus) provision?.querySelector("[data-voices]")?.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-close-voices]");
  if (button) close(button.closest(".voices"));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.target.closest?.("textarea, input, select")) return;
  const voices = document.querySelector(".provision > .voices");
  if (voices) close(voices, voices.contains(event.target));
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-voices]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const provision = link.closest(".provision");
  const open = provision.querySelector(":scope > .voices");
  show(null);
  if (open) close(open); else openVoices(provision, link.href);
});

// Quotes: shown while their comment has the focus or the pointer, where the words still stand there.
function quoteOf(comment) {
  const { quoteOf: key, quoteStart, quoteEnd, quoteLanguage } = comment.dataset;
  const text = document.querySelector(`.provision[data-key="${CSS.escape(key)}"] .provision__text`);
  if (!text || text.lang !== quoteLanguage) return null;
  const [start, end] = [Number(quoteStart), Number(quoteEnd)];
  const said = comment.querySelector("blockquote")?.textContent;
  return wordsOf(text, start, end) === said ? rangeOf(text, start, end) : null;
}

let shown = null;
for (const type of ["focusin", "pointerover"]) {
  document.addEventListener(type, (event) => {
    const comment = event.target.closest?.("[data-quote-of]") ?? document.activeElement?.closest("[data-quote-of]");
    if (comment === shown) return;
    if (comment || shown) show(comment ? quoteOf(comment) : null);
    shown = comment ?? null;
  });
}

// Another language and other voices open at the provision that is being read.
const here = () => (scrollY ? provisions.find((provision) => provision.getBoundingClientRect().bottom > 60) : null);
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[hreflang], a[data-keeps-place]");
  if (link && here()) link.hash = here().id;
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-keeps-place]") && here()) event.target.action = `#${here().id}`;
});
