// Keys of the desk: j k move in the list, a p n r choose the outcome, Control+Enter sends the answer.
// Single letters act only while the focus is inside the desk and not in a text, so that speech input and
// screen readers keep their own letters elsewhere on the page.
const outcomes = { a: "accepted", p: "partly_accepted", n: "noted", r: "not_accepted" };
const desk = document.getElementById("desk");
const rows = [...desk.querySelectorAll("[data-desk-row]")];
const form = document.getElementById("answer-form");
const texts = "textarea, select, input:not([type=radio]):not([type=checkbox])";

// Whoever chose a comment goes on from it; an error's summary keeps the focus it was given.
const current = rows.find((row) => row.getAttribute("aria-current"));
if (new URLSearchParams(location.search).has("comment") && document.activeElement === document.body) {
  current?.focus({ preventScroll: true });
  current?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key === "Enter" && form?.contains(event.target)) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("[name=next]"));
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (!desk.contains(event.target) || event.target.closest(texts)) return;
  if (event.key === "j" || event.key === "k") {
    event.preventDefault();
    const at = rows.indexOf(current);
    rows[at + (event.key === "j" ? 1 : -1)]?.click();
  } else if (outcomes[event.key] && form) {
    const radio = form.querySelector(`[name=outcome][value=${outcomes[event.key]}]`);
    if (!radio) return;
    event.preventDefault();
    radio.checked = true;
    form.elements.response.focus();
  }
});
