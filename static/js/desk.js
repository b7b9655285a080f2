// Keys of the desk: j k move in the list, x ticks, a p n r choose the outcome, Control+Enter sends the answer,
// . opens the actions, / goes to the search, ? lists the keys.
// Single letters act only while the focus is inside the desk and not in a text, so that speech input and
// screen readers keep their own letters elsewhere on the page.
const outcomes = { a: "accepted", p: "partly_accepted", n: "noted", r: "not_accepted" };
const desk = document.getElementById("desk");
const rows = [...desk.querySelectorAll("[data-desk-row]")];
const form = document.getElementById("answer-form");
const texts = "textarea, select, input:not([type=radio]):not([type=checkbox])";

// Whoever chose a comment goes on from it; an error's summary keeps the focus it was given, and what an address
// points at (notes) is where something was done.
const current = rows.find((row) => row.getAttribute("aria-current"));
if (new URLSearchParams(location.search).has("comment") && document.activeElement === document.body) {
  const meant = location.hash === "#notes" && document.getElementById("notes");
  (meant || current)?.focus({ preventScroll: !meant });
  if (!meant) current?.scrollIntoView({ block: "nearest" });
}

const move = (by) => {
  const row = rows[rows.indexOf(current) + by];
  // At the end of a page the list goes on.
  (row ?? desk.querySelector(`.pager [rel=${by > 0 ? "next" : "prev"}]`))?.click();
};

const acts = {
  j: () => move(1),
  k: () => move(-1),
  x: () => boxOf(document.activeElement.closest(".desk__row") ?? current?.closest(".desk__row"))?.click(),
  ".": () => unfold(desk.querySelector("[data-desk-actions]")),
  "/": () => document.querySelector("[data-desk-search]")?.focus(),
  "?": () => unfold(document.querySelector("[data-desk-keys]")),
};

function boxOf(row) {
  return row?.querySelector("[name=chosen]");
}

// Opened and closed by the same key; the focus goes along, and comes back to the list.
function unfold(part) {
  if (!part) return;
  part.open = !part.open;
  if (part.open) {
    (part.querySelector("select, input:not([type=hidden])") ?? part.querySelector("summary")).focus();
    part.scrollIntoView({ block: "nearest" });
  } else (current ?? rows[0])?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key === "Enter" && form?.contains(event.target)) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("[name=next]"));
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const part = event.target.closest?.("[data-desk-actions][open], [data-desk-keys][open]");
  if (event.key === "Escape" && part) return unfold(part);
  if (!desk.contains(event.target) && !event.target.closest?.("[data-desk-keys]")) return;
  if (event.target.closest(texts)) return;
  if (Object.hasOwn(acts, event.key)) {
    event.preventDefault();
    acts[event.key]();
  } else if (Object.hasOwn(outcomes, event.key) && form) {
    const radio = form.querySelector(`[name=outcome][value=${outcomes[event.key]}]`);
    if (!radio) return;
    event.preventDefault();
    radio.checked = true;
    form.elements.response.focus();
  }
});

// Ticks: with Shift all between the last one and this one; a link ticks the page (and unticks it again).
const boxes = [...desk.querySelectorAll("[name=chosen]")];
let last = null;
for (const box of boxes) {
  box.addEventListener("click", (event) => {
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    if (event.shiftKey && from >= 0) for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
    last = box;
  });
}
desk.querySelector("[data-desk-tick]")?.addEventListener("click", (event) => {
  event.preventDefault();
  const every = boxes.every((box) => box.checked);
  for (const box of boxes) box.checked = !every;
});
