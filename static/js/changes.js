// From change to change with n and p while the focus is in the text: the links do the same without this file.
const article = document.querySelector(".draft--changes");
const changes = [...article.querySelectorAll("[data-change]")];

function go(step) {
  const line = document.documentElement.clientHeight / 3;
  const at = changes.findLastIndex((change) => change.getBoundingClientRect().top <= line);
  const next = changes[Math.min(Math.max(at + step, 0), changes.length - 1)];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "start" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, select, textarea")) return;
  // Whoever has chosen nothing yet begins with n; elsewhere on the page letters stay the reader's own.
  if (event.target !== document.body && !article.contains(event.target)) return;
  if (event.key === "n" || event.key === "p") { event.preventDefault(); go(event.key === "n" ? 1 : -1); }
});
