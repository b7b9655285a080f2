// The reading room: voices beside the text, the words that a comment quotes, and the place kept when the
// language changes. Everything is a link that works without this file.
import { placeOf, rangeOf, show, spoken, wordsOf } from "./place.js";
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
  return spoken(wordsOf(text, start, end)) === said ? rangeOf(text, start, end) : null;
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

// Another language opens at the provision that is being read.
const here = () => (scrollY ? provisions.find((provision) => provision.getBoundingClientRect().bottom > 60) : null);
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[hreflang]");
  if (link && here()) link.hash = here().id;
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-busy]")) return;
  event.target.ariaBusy = "true"; // what it leads to is the line that says how many are shown
});
// The browser's way back shows the page as it was left.
addEventListener("pageshow", () => { for (const form of document.querySelectorAll("form[aria-busy]")) form.ariaBusy = null; });

// The words that people quoted are underlined in quiet colour, thicker where more spoke. A press on them opens
// what was said about them.
const draft = document.querySelector(".draft[data-quotes]");
const LEVELS = [1, 2, 4]; // quoted once, twice, four times or more
const marks = typeof Highlight === "function" && CSS.highlights ? LEVELS.map((_, level) => {
  const mark = new Highlight();
  CSS.highlights.set(`voices-${level + 1}`, mark);
  return mark;
}) : null;
const spans = new Map(); // provision key -> [[start, end, how many]]

const textOf = (key) => document.querySelector(`.provision[data-key="${CSS.escape(key)}"] .provision__text`);

// Overlapping quotes are cut where one begins or ends, so that each stretch knows how many lie on it.
function stretches(quotes) {
  const edges = [...new Set(quotes.flatMap(([start, end]) => [start, end]))].sort((a, b) => a - b);
  return edges.slice(1).map((end, i) => {
    const start = edges[i];
    return [start, end, quotes.reduce((n, [from, to, times]) => n + (from <= start && to >= end ? times : 0), 0)];
  }).filter(([, , n]) => n);
}

function drawOn(key, quotes) {
  const text = textOf(key);
  if (!text) return;
  for (const [start, end, n] of stretches(quotes)) {
    const range = rangeOf(text, start, end);
    if (range) marks[LEVELS.filter((least) => n >= least).length - 1].add(range);
  }
}

async function load() {
  const answer = await fetch(draft.dataset.quotes).catch(() => null);
  if (!answer?.ok) return;
  const { quotes, languages } = await answer.json();
  for (const [key, start, end, n] of quotes) {
    if (textOf(key)?.lang !== languages[key]) continue;
    if (!spans.has(key)) spans.set(key, []);
    spans.get(key).push([start, end, n]);
  }
  for (const mark of marks) mark.clear();
  for (const [key, list] of spans) drawOn(key, list);
}

draft?.addEventListener("click", (event) => {
  if (!document.getSelection().isCollapsed || event.target.closest("a, button, .voices")) return;
  const provision = event.target.closest(".provision[data-key]");
  const quotes = spans.get(provision?.dataset.key);
  const text = provision?.querySelector(".provision__text");
  const caret = quotes && text?.contains(event.target) && document.caretRangeFromPoint?.(event.clientX, event.clientY);
  if (!caret || !text.contains(caret.startContainer)) return;
  const at = placeOf(text, caret.startContainer, caret.startOffset);
  if (quotes.some(([start, end]) => start <= at && at < end) && !provision.querySelector(":scope > .voices")) provision.querySelector("[data-voices]")?.click();
});

if (draft && marks) (window.requestIdleCallback ?? setTimeout)(load);
