// Selecting words of a provision, with mouse, touch or keyboard, and opening the comment form on them.
import { lengthOf, placeOf, rangeOf, show, spoken, wordsOf } from "./place.js";
import { segments, trimmed, widened } from "./words.js";

const words = document.getElementById("selection-words").dataset;
const announcer = document.getElementById("announcer");
const provisions = [...document.querySelectorAll(".draft .provision[data-key]")];
const texts = new Map(provisions.map((p) => [p, p.querySelector(".provision__text")]));
let bar = null;
let marking = null;
let waiting = 0;
let spokenOf = ""; // what was announced last

function say(text) { announcer.textContent = text; }

// The words selected in the first provision that the selection touches, or null.
function selected() {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  for (const [provision, text] of texts) {
    if (!text || !range.intersectsNode(text)) continue;
    // A triple click, or a pull past the end, ends in the next provision: this one's words are meant.
    const from = text.contains(range.startContainer) ? placeOf(text, range.startContainer, range.startOffset) : 0;
    const to = text.contains(range.endContainer) ? placeOf(text, range.endContainer, range.endOffset, true) : lengthOf(text);
    const found = asMeant(text, from, to);
    if (found) return { provision, ...found };
  }
  return null;
}

// What somebody pulled over with a finger or a mouse rarely ends where they meant it to: whole words are taken.
// Not so with Alt held down, nor letter by letter with the keyboard, for then every letter is meant.
let exactly = false;
document.addEventListener("pointerdown", (event) => { if (!event.target.closest?.(".selection-bar")) exactly = event.altKey; }, true);
document.addEventListener("pointerup", (event) => { exactly ||= event.altKey; }, true);
document.addEventListener("keydown", (event) => { if (event.shiftKey && event.key.startsWith("Arrow")) exactly = true; }, true);

function asMeant(text, from, to) {
  const plain = wordsOf(text);
  const [start, end] = trimmed(plain, ...(exactly || marking ? [from, to] : widened(plain, text.lang, ...trimmed(plain, from, to))));
  if (start >= end) return null;
  return { exact: spoken(wordsOf(text, start, end)), start, end, range: rangeOf(text, start, end) };
}

function showBar() {
  hideBar();
  const found = selected();
  if (!found) { spokenOf = ""; return; }
  if (found.exact !== spokenOf) say(`${words.marked} ${found.exact}`);
  spokenOf = found.exact;
  bar = document.createElement("div");
  bar.className = "selection-bar";
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words.comment;
  // Pressing the button must not undo the selection that it is about.
  bar.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", () => openForm(found.provision, found));
  bar.append(button);
  const box = found.range.getBoundingClientRect();
  document.body.append(bar);
  if (!matchMedia("(pointer: coarse)").matches) {
    // Set through the object model: the policy forbids style attributes in markup only.
    bar.style.top = `${box.bottom + scrollY + 6}px`;
    bar.style.left = `${Math.max(8, Math.min(box.left + scrollX, innerWidth - bar.offsetWidth - 8))}px`;
  }
}

function hideBar() { bar?.remove(); bar = null; }

function openForm(provision, found) {
  hideBar();
  const link = provision.querySelector("[data-voices]");
  if (!link) return;
  const fill = () => {
    const form = provision.querySelector(":scope > .voices form.comment-form");
    if (!form) return;
    const folded = form.closest("details");
    if (folded) folded.open = true;
    if (found) {
      form.elements.quote.value = found.exact;
      form.elements.anchor_start.value = found.start;
      form.elements.anchor_end.value = found.end;
      form.elements.anchor_language.value = provision.dataset.textLanguage;
      form.elements.anchor_version.value = provision.dataset.version;
      form.elements.quote.dispatchEvent(new CustomEvent("quoted", { bubbles: true }));
      show(found.range);
    }
    form.elements.body.focus();
  };
  if (provision.querySelector(":scope > .voices")) { fill(); return; }
  provision.addEventListener("voices:shown", fill, { once: true });
  link.click();
}

// The mouse has let go: what is taken is shown. Under a finger nothing moves, for the handles are the finger's.
document.addEventListener("pointerup", (event) => {
  if (event.pointerType !== "mouse" || marking || exactly || event.target.closest?.(".selection-bar")) return;
  setTimeout(() => {
    const found = selected();
    const range = found && document.getSelection().getRangeAt(0);
    if (found && range.toString() !== found.range.toString()) document.getSelection().setBaseAndExtent(found.range.startContainer, found.range.startOffset, found.range.endContainer, found.range.endOffset);
  });
});

document.addEventListener("selectionchange", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => { if (!marking) showBar(); }, 200);
});
// A mouse that is let go has finished selecting.
document.addEventListener("pointerup", (event) => {
  if (marking || event.pointerType !== "mouse" || bar?.contains(event.target)) return;
  clearTimeout(waiting);
  waiting = setTimeout(showBar);
});

// Keyboard. Single letters can be switched off, for whoever speaks to the machine or has keys of their own.
const keys = document.getElementById("keys");
const chosen = keys?.querySelector("input");
if (keys) {
  keys.hidden = false;
  try { chosen.checked = localStorage.getItem("reading-keys") !== "off"; } catch { /* forbidden */ }
  chosen.addEventListener("change", () => {
    try { localStorage.setItem("reading-keys", chosen.checked ? "on" : "off"); } catch { /* forbidden */ }
  });
}

function current() { return provisions.findIndex((p) => p.contains(document.activeElement)); }

// One provision is a stop of the Tab key: the one read last.
provisions[0]?.setAttribute("tabindex", "0");
document.addEventListener("focusin", () => {
  const at = current();
  if (at < 0) return;
  for (const provision of provisions) provision.tabIndex = provision === provisions[at] ? 0 : -1;
});

// Below the top edge is where reading goes on after scrolling by other means.
function visible() { return Math.max(0, provisions.findIndex((p) => p.getBoundingClientRect().bottom > 60)); }

function move(step) {
  const at = current();
  const next = provisions[at < 0 ? visible() : Math.min(provisions.length - 1, Math.max(0, at + step))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

// Arrows move the mark from word to word; with Shift its end moves and the place where it began stays.
function mark(step, extend) {
  marking.end = Math.max(0, Math.min(marking.end + step, marking.words.length - 1));
  if (!extend) marking.begin = marking.end;
  const [first, last] = [marking.begin, marking.end].sort((a, b) => a - b);
  const range = rangeOf(marking.text, marking.words[first][0], marking.words[last][1]);
  const selection = document.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  say(`${words.marked} ${spoken(wordsOf(marking.text, marking.words[first][0], marking.words[last][1]))}`);
}

function startMarking() {
  const at = current();
  // A heading has no words to mark: those that follow it are meant.
  const provision = provisions.slice(at < 0 ? visible() : at).find((p) => texts.get(p));
  const text = texts.get(provision);
  const found = text ? segments(wordsOf(text), text.lang) : [];
  if (!found.length) return;
  hideBar();
  provision.focus();
  marking = { provision, text, words: found, begin: 0, end: 0 };
  mark(0, false);
}

function whileMarking(event) {
  const forward = getComputedStyle(marking.text).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") mark(event.key === forward ? 1 : -1, event.shiftKey);
  else if (event.key === "Home" || event.key === "End") mark(event.key === "Home" ? -Infinity : Infinity, event.shiftKey);
  else if (event.key === "Enter") {
    const { provision } = marking;
    const found = selected();
    marking = null;
    openForm(provision, found);
  } else if (event.key === "Escape") {
    marking = null;
    document.getSelection().removeAllRanges();
  } else return false;
  return true;
}

const letters = {
  j: () => move(1),
  k: () => move(-1),
  v: startMarking,
  c: () => {
    const found = selected();
    const provision = found?.provision ?? provisions[current()];
    if (provision) openForm(provision, found);
  },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("textarea, select, input:not([type=checkbox])")) return;
  // Whoever went on to a link or a button means that one, and whoever is in the voices is not moving in the text.
  if (marking && event.target !== document.body && event.target !== marking.provision) marking = null;
  if (!marking && event.key !== "Escape" && event.target.closest(".voices")) return;
  let done = true;
  if (marking) done = whileMarking(event);
  else if (event.key === "Escape" && bar) hideBar();
  else if (event.key === "?" && keys) { keys.open = true; keys.scrollIntoView({ block: "nearest" }); chosen.focus(); }
  else if (letters[event.key] && (!chosen || chosen.checked)) letters[event.key]();
  else done = false;
  if (done) event.preventDefault();
});

// A click elsewhere ends marking.
document.addEventListener("pointerdown", () => { marking = null; });
