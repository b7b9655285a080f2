// The words that people quoted are underlined in quiet colour, thicker where more spoke. A press on them opens
// what was said about them. Without this file the comments themselves show what they quote.
import { placeOf, rangeOf } from "./place.js";

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
