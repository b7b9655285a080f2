// Names of the discussion, offered while somebody types @ in a reply. The form works without this file: a name that
// is typed is found on the server.
const CALL = /(?:^|[^\p{L}\p{N}\p{M}]|\p{sc=Han})[@＠]([^@＠\n]{0,60})$/u;

for (const place of document.querySelectorAll("[data-mentions-for]")) {
  const field = document.getElementById(place.dataset.mentionsFor);
  const [list, status] = place.children;
  const options = [...list.children];
  let from = -1; // where the name begins in the field, behind its sign
  let refused = -1; // the sign for which the list was closed

  const shown = () => options.filter((option) => !option.hidden);
  const chosen = () => options.find((option) => option.ariaSelected === "true");

  function mark(option) {
    for (const each of options) each.ariaSelected = String(each === option);
    if (!option) { field.removeAttribute("aria-activedescendant"); return; }
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function close() {
    if (list.hidden) return;
    list.hidden = true;
    status.textContent = "";
    mark(null);
    // Between names it is a field of several lines, and is called so.
    for (const name of ["role", "aria-expanded", "aria-controls", "aria-autocomplete", "aria-haspopup"]) field.removeAttribute(name);
  }

  function open() {
    if (!list.hidden) return;
    list.hidden = false;
    const states = { role: "combobox", "aria-expanded": "true", "aria-controls": list.id, "aria-autocomplete": "list", "aria-haspopup": "listbox" };
    for (const [name, value] of Object.entries(states)) field.setAttribute(name, value);
    status.textContent = status.dataset.said;
  }

  function look() {
    const call = field.selectionStart === field.selectionEnd && CALL.exec(field.value.slice(0, field.selectionStart));
    if (!call) { refused = -1; close(); return; }
    from = field.selectionStart - call[1].length;
    const typed = call[1].toLowerCase();
    for (const option of options) {
      const name = option.dataset.name.toLowerCase();
      option.hidden = !(name.startsWith(typed) || name.split(/\s+/).some((word) => word.startsWith(typed)));
    }
    const left = shown();
    const whole = left.length === 1 && left[0].dataset.name.toLowerCase() === typed;
    if (from === refused || !left.length || whole) { close(); return; }
    open();
    mark(left[0]);
  }

  function choose(option) {
    const after = field.value[field.selectionStart] === " " ? "" : " ";
    field.setRangeText(option.dataset.name + after, from, field.selectionStart, "end");
    close();
    refused = from;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }

  field.after(place);
  field.setAttribute("autocomplete", "off");
  field.addEventListener("input", (event) => { if (!event.isComposing) look(); });
  field.addEventListener("compositionend", look);
  field.addEventListener("click", look);
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const names = shown();
    const at = names.indexOf(chosen());
    if (event.key === "ArrowDown") mark(names[(at + 1) % names.length]);
    else if (event.key === "ArrowUp") mark(names[(at - 1 + names.length) % names.length]);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) choose(names[at]);
    else if (event.key === "Escape") { refused = from; close(); } else {
      if (/^(?:ArrowLeft|ArrowRight|Home|End)$/.test(event.key)) close();
      return;
    }
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the cursor
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
}
