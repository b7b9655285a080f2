// The translation desk by keyboard: save and on to the next, approve, go on and back; terms put into the text.
import { withBlanks } from "./insertion.js";

const form = document.querySelector("form[data-translate]");
const press = (then) => form.requestSubmit(form.querySelector(`button[name="then"][value="${then}"]`));
const STEPS = { PageDown: "after", PageUp: "before" };

document.addEventListener("keydown", (event) => {
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    press(event.shiftKey ? "approve" : "next");
  } else if (event.altKey && STEPS[event.key]) {
    const step = document.querySelector(`[data-step="${STEPS[event.key]}"]`);
    if (step) { event.preventDefault(); step.click(); }
  }
});

for (const button of document.querySelectorAll("[data-insert-words]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const field = form.elements.text.closest("[hidden]") ? form.elements.heading : form.elements.text;
    field.setRangeText(withBlanks(field, button.dataset.insertWords), field.selectionStart, field.selectionEnd, "end");
    field.focus();
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
}

// What is to be written is where one begins, unless something was said that must be read first.
const open = form && [form.elements.heading, form.elements.text].find((field) => !field.closest("[hidden]"));
if (open && !location.hash && !document.querySelector(".error-summary")) {
  open.focus({ preventScroll: true });
  open.setSelectionRange(open.value.length, open.value.length);
}
