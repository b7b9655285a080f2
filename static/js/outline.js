// Moving a provision by dragging it in the tree: the plain form of the page is filled in and sent.
const tree = document.querySelector("[data-tree]");
const move = document.querySelector("form[data-move-form]");
let dragged = null;

const holds = (row, kind) => row.dataset.holds.split(" ").includes(kind);
// Onto what may hold it: under that, first of all. Else behind it.
const isUnder = (row) => holds(row, dragged.dataset.kind);
const isPlace = (row) => row && dragged && row !== dragged && (isUnder(row) || row.dataset.kind === dragged.dataset.kind);

function mark(row) {
  for (const each of tree.querySelectorAll(".tree__row--under, .tree__row--behind")) each.classList.remove("tree__row--under", "tree__row--behind");
  if (row) row.classList.add(isUnder(row) ? "tree__row--under" : "tree__row--behind");
}

function start() {
  for (const row of tree.children) if (row.dataset.kind !== "footnote") row.draggable = true;
  tree.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-key]");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.key);
  });
  tree.addEventListener("dragover", (event) => {
    const row = event.target.closest("[data-key]");
    if (!isPlace(row)) return;
    event.preventDefault();
    mark(row);
  });
  tree.addEventListener("drop", (event) => {
    const row = event.target.closest("[data-key]");
    if (!isPlace(row)) return;
    event.preventDefault();
    move.action = move.dataset.action.replace("provision-key", dragged.dataset.key);
    move.elements.parent.value = isUnder(row) ? row.dataset.key : row.dataset.parent;
    move.elements.behind.value = isUnder(row) ? "" : row.dataset.key;
    if (isUnder(row)) move.append(Object.assign(document.createElement("input"), { type: "hidden", name: "first", value: "1" }));
    move.requestSubmit();
  });
  tree.addEventListener("dragend", () => { mark(null); dragged = null; });
  // The tree is scrolled to where one is; the page stays.
  const [here, box] = [tree.querySelector('[aria-current="page"]'), tree.closest("nav")];
  if (here) box.scrollTop = here.offsetTop - box.offsetTop - box.clientHeight / 2;
}

// After a step up or down the focus is where it was, so that the next step is one key away.
const place = document.getElementById("place");
const FOCUS = "structure:focus";
place?.addEventListener("submit", ({ submitter }) => { if (submitter?.id) sessionStorage.setItem(FOCUS, submitter.id); });
const last = sessionStorage.getItem(FOCUS);
if (last && place) {
  sessionStorage.removeItem(FOCUS);
  place.closest("details").open = true;
  document.getElementById(last)?.focus();
}

if (tree && move) start();
