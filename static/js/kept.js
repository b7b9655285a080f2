// What is being typed stays on the device until it has arrived: it survives a reload, a crash, an expired
// session and an interrupted line. The form's own key goes with it, so that what is sent twice counts once.
const prefix = "kept:";
const along = ["idempotency_key", "anchor_start", "anchor_end", "anchor_language", "anchor_version", "version", "saved_as", "provision"];

export const store = {
  get(key) {
    try { return JSON.parse(localStorage.getItem(prefix + key) || "null"); } catch { return null; }
  },
  set(key, kept) {
    try { localStorage.setItem(prefix + key, JSON.stringify(kept)); return true; } catch { return false; /* full or forbidden */ }
  },
  drop(key) {
    try { localStorage.removeItem(prefix + key); } catch { /* forbidden */ }
  },
  keys() {
    try { return Object.keys(localStorage).filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)); } catch { return []; }
  },
};

const texts = (form) => [...form.querySelectorAll("textarea[name]")];
const choices = (form) => [...form.querySelectorAll("input[type=radio]:checked, select[name]")];

export function keep(form, more = {}) {
  const kept = { ...more };
  for (const field of texts(form)) if (field.value) kept[field.name] = field.value;
  if (!Object.keys(kept).length) { store.drop(form.dataset.keep); return false; }
  for (const field of choices(form)) kept[field.name] = field.value;
  for (const name of along) if (form.elements[name]?.value) kept[name] = form.elements[name].value;
  return store.set(form.dataset.keep, kept);
}

// Gives a form back what was kept; answers whether there was anything.
export function restore(form) {
  const kept = store.get(form.dataset.keep);
  // What came back with errors is newer than what was kept.
  if (!kept || form.querySelector(".error-summary")) return false;
  const edits = !form.elements.saved_as; // a page of editing: what stands there has a version of its own
  const version = form.elements.version?.value ?? "";
  if (edits && (kept.version ?? "") !== version) { store.drop(form.dataset.keep); return false; }
  const quoteIsNew = !edits && form.elements.quote?.value;
  for (const field of texts(form)) {
    if (field.name in kept && (edits || !field.value)) field.value = kept[field.name];
    if (field.value) { const folded = field.closest("details"); if (folded) folded.open = true; }
  }
  for (const field of form.querySelectorAll("input[type=radio], select[name]")) {
    if (!(field.name in kept)) continue;
    if (field.type === "radio") field.checked = kept[field.name] === field.value; else field.value = kept[field.name];
  }
  for (const name of along) {
    if (!(name in kept) || !form.elements[name] || name === "provision") continue;
    if (["idempotency_key", "saved_as", "version"].includes(name) || (!quoteIsNew && !edits)) form.elements[name].value = kept[name];
  }
  return true;
}
