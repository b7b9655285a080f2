// Keys of the desk by provision: [ and ] go to the previous and the next provision with something left.
// As in desk.js they act only while the focus is inside the desk and not in a text.
const desk = document.getElementById("desk");
const texts = "textarea, select, input:not([type=radio]):not([type=checkbox])";
const ways = { "[": "[data-desk-before]", "]": "[data-desk-after]" };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (!ways[event.key] || !desk.contains(event.target) || event.target.closest(texts)) return;
  event.preventDefault();
  document.querySelector(ways[event.key])?.click();
});
