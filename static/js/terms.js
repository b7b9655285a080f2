// A glossary term is explained where it stands; without this file its link leads to the glossary.
let open = null;

function close() {
  if (!open) return;
  open.note.hidden = true;
  open.link.setAttribute("aria-expanded", "false");
  open = null;
}

for (const link of document.querySelectorAll("a.term")) link.setAttribute("aria-expanded", "false");

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.term");
  const same = link && open?.link === link;
  if (!event.target.closest(".term-note")) close();
  if (!link || same || event.ctrlKey || event.metaKey || event.shiftKey) { if (same) event.preventDefault(); return; }
  const note = document.querySelector(`[data-term-note="${CSS.escape(link.dataset.term)}"]`);
  if (!note) return;
  event.preventDefault();
  // Read next after the words that it explains, and drawn below them.
  link.closest(".provision__text").after(note);
  note.hidden = false;
  note.id = `note-${link.dataset.term}`;
  link.setAttribute("aria-expanded", "true");
  link.setAttribute("aria-controls", note.id);
  open = { link, note };
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !open) return;
  const { link } = open;
  close();
  link.focus();
});
