// Where a point of the page stands in a provision's plain text, and back. Runs carry data-start, counted in
// code points; a footnote mark stands for the characters in its data-mark, a line break for one "\n".
const plainOf = (node) => (node.nodeName === "BR" ? "\n" : node.dataset?.mark ?? node.textContent);
const length = (text) => [...text].length;
// Spaces that a template leaves around the runs are no part of the text.
const pieces = (text) => [...text.childNodes].filter((n) => n.nodeName === "BR" || n.dataset?.start !== undefined);

export function wordsOf(text, start = 0, end = Infinity) {
  return [...pieces(text).map(plainOf).join("")].slice(start, end).join("");
}

// Words as they are said: footnote marks are no part of them.
export const MARK = /\[\^[^\]\s]+\]/g;
export const spoken = (words) => words.replace(MARK, "");

export const lengthOf = (text) => length(wordsOf(text));

// The code point before which (node, offset) stands. Inside a mark: before it, or (`after`) behind it.
export function placeOf(text, node, offset, after = false) {
  const point = document.createRange();
  point.setStart(node, offset);
  let at = 0;
  for (const piece of pieces(text)) {
    const size = length(plainOf(piece));
    if (piece.contains(node) && piece !== node) {
      if (piece.dataset.mark) return at + (after ? size : 0);
      const before = document.createRange();
      before.setStart(piece, 0);
      before.setEnd(node, offset);
      return at + length(before.toString());
    }
    const whole = document.createRange();
    whole.selectNode(piece);
    if (point.compareBoundaryPoints(Range.START_TO_START, whole) <= 0) return at;
    if (piece === node && !offset) return at;
    at += size;
  }
  return at;
}

// The range of the page that shows the code points from `start` to `end`; null where there are none.
export function rangeOf(text, start, end) {
  const range = document.createRange();
  let at = 0;
  let begun = false;
  for (const piece of pieces(text)) {
    const size = length(plainOf(piece));
    if (at + size > start && at < end) {
      const [node, from, to] = inside(piece, Math.max(0, start - at), Math.min(size, end - at));
      if (!begun) range.setStart(node, from);
      range.setEnd(node, to);
      begun = true;
    }
    at += size;
  }
  return begun ? range : null;
}

function inside(piece, from, to) {
  const node = document.createTreeWalker(piece, NodeFilter.SHOW_TEXT).nextNode();
  if (!node || piece.dataset.mark) return [piece, 0, piece.childNodes.length];
  const units = (points) => [...node.data].slice(0, points).join("").length;
  return [node, units(from), units(to)];
}

// What a comment points at stays visible while the comment is read or written.
const quoted = typeof Highlight === "function" && CSS.highlights ? new Highlight() : null;
if (quoted) CSS.highlights.set("quoted", quoted);

export function show(range) {
  quoted?.clear();
  if (range) quoted?.add(range);
}
