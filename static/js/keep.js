// Keeps what is being typed on the device until it has arrived: it survives a reload, a crash, an expired
// session and an interrupted line. The form's own key goes with it, so that what is sent twice counts once.
const prefix = "kept:";
const along = ["idempotency_key", "anchor_start", "anchor_end", "anchor_language", "anchor_version", "version"];

const store = {
  get(key) {
    try { return JSON.parse(localStorage.getItem(prefix + key) || "null"); } catch { return null; }
  },
  set(key, kept) {
    try { localStorage.setItem(prefix + key, JSON.stringify(kept)); } catch { /* full or forbidden */ }
  },
  drop(key) {
    try { localStorage.removeItem(prefix + key); } catch { /* forbidden */ }
  },
};

const texts = (form) => [...form.querySelectorAll("textarea[name]")];
const radios = (form) => [...form.querySelectorAll("input[type=radio]")];

function keep(form) {
  const kept = {};
  for (const field of texts(form)) if (field.value) kept[field.name] = field.value;
  if (!Object.keys(kept).length) { store.drop(form.dataset.keep); return; }
  for (const field of radios(form)) if (field.checked) kept[field.name] = field.value;
  for (const name of along) if (form.elements[name]?.value) kept[name] = form.elements[name].value;
  store.set(form.dataset.keep, kept);
}

function restore(form) {
  const kept = store.get(form.dataset.keep);
  // What came back with errors is newer than what was kept.
  if (!kept || form.querySelector(".error-summary")) return;
  const version = form.elements.version?.value ?? "";
  if ((kept.version ?? "") !== version) { store.drop(form.dataset.keep); return; }
  const quoteIsNew = !version && form.elements.quote?.value;
  for (const field of texts(form)) {
    if (field.name in kept && (version || !field.value)) field.value = kept[field.name];
    if (field.value) { const folded = field.closest("details"); if (folded) folded.open = true; }
  }
  for (const field of radios(form)) if (field.name in kept) field.checked = kept[field.name] === field.value;
  for (const name of along) {
    if (!(name in kept) || !form.elements[name]) continue;
    if (name === "idempotency_key" || (!quoteIsNew && !version)) form.elements[name].value = kept[name];
  }
}

function prepare(root) {
  for (const form of root.querySelectorAll("form[data-keep]")) {
    if (form.dataset.prepared) continue;
    form.dataset.prepared = "1";
    // The address leads to what was sent from this form: it has arrived.
    if (form.dataset.keptUntil && location.hash.startsWith(form.dataset.keptUntil)) store.drop(form.dataset.keep);
    restore(form);
    form.addEventListener("input", (event) => {
      // Words typed by hand stand where they are found, not where others were selected.
      if (event.target.name === "quote") form.elements.anchor_start.value = form.elements.anchor_end.value = "";
      keep(form);
    });
    form.addEventListener("quoted", () => keep(form));
    if (form.querySelector(".error-summary")) keep(form);
    const details = [...form.querySelectorAll("details")].find((d) => d.querySelector("[name=proposed_text]"));
    const words = form.querySelector("[data-current-words]");
    details?.addEventListener("toggle", () => {
      const field = details.querySelector("[name=proposed_text]");
      if (details.open && !field.value && words) field.value = words.textContent;
    });
  }
}

// The page of one's own comment: what is kept with the very same words has arrived.
const squeezed = (text) => (text ?? "").replace(/\s+/g, "");
for (const place of document.querySelectorAll("[data-arrived]")) {
  const body = squeezed(place.querySelector("[data-body]")?.textContent);
  const proposed = squeezed(place.querySelector("[data-proposed]")?.textContent);
  for (const key of place.dataset.arrived.split(" ")) {
    const kept = store.get(key);
    if (!kept || squeezed(kept.body) !== body) continue;
    // An opened but unchanged proposal is none, so without one there is nothing to compare.
    if (!proposed || squeezed(kept.proposed_text) === proposed) store.drop(key);
  }
}

document.addEventListener("htmx:afterSwap", (event) => prepare(event.detail.elt.closest(".provision") || document));
prepare(document);
