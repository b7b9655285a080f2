// The change appears while it is typed: the words of the provision struck and underlined, as readers will see it.
// Tokens and reading rules are those of drafts/redline.py.
const HAN = "\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff";
const LETTER = `(?:(?![${HAN}_])[\\p{L}\\p{N}])`;
const TOKEN = new RegExp(`\\[\\^[^\\]\\s]+\\]|[${HAN}]|${LETTER}(?:${LETTER}|\\p{M}|['\\u2019](?=[\\p{L}\\p{N}]))*|\\s+|.`, "gsu");
const WORD = /[\p{L}\p{N}]/u;
const MOST = 4_000_000; // cells of the table: beyond that a change is shown as one replacement

export function redline(before, after) {
  const [old, fresh] = [before.match(TOKEN) ?? [], after.match(TOKEN) ?? []];
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < fresh.length - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail += 1;
  const edits = [];
  const add = (changed, gone, come) => {
    const last = edits.at(-1);
    if (last && last.changed === changed) { last.old.push(...gone); last.new.push(...come); }
    else if (gone.length || come.length) edits.push({ changed, old: [...gone], new: [...come] });
  };
  add(false, old.slice(0, head), fresh.slice(0, head));
  between(old.slice(head, old.length - tail), fresh.slice(head, fresh.length - tail), add);
  add(false, old.slice(old.length - tail), fresh.slice(fresh.length - tail));
  return pieces(slid(readable(edits)));
}

// The longest common sequence of tokens.
function between(old, fresh, add) {
  const [n, m] = [old.length, fresh.length];
  if (!n || !m || n * m > MOST) { add(true, old, fresh); return; }
  const width = m + 1;
  const lengths = new Uint16Array((n + 1) * width);
  for (let i = n - 1; i >= 0; i -= 1) {
    for (let j = m - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = old[i] === fresh[j]
        ? lengths[(i + 1) * width + j + 1] + 1
        : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
    }
  }
  for (let i = 0, j = 0; i < n || j < m;) {
    if (i < n && j < m && old[i] === fresh[j]) { add(false, [old[i]], [fresh[j]]); i += 1; j += 1; }
    else if (j >= m || (i < n && lengths[(i + 1) * width + j] >= lengths[i * width + j + 1])) { add(true, [old[i]], []); i += 1; }
    else { add(true, [], [fresh[j]]); j += 1; }
  }
}

const count = (tokens) => tokens.filter((token) => WORD.test(token)).length;
const size = (edit) => Math.max(count(edit.old), count(edit.new));

function slight(gap, before, after) {
  const words = count(gap.old);
  if (!words) return !gap.old.some((token) => token.includes("\n"));
  return words <= 2 && words < Math.min(size(before), size(after));
}

function readable(edits) {
  const joined = [];
  for (const edit of edits) {
    const last = joined.at(-1);
    const take = (other) => { joined.at(-1).old.push(...other.old); joined.at(-1).new.push(...other.new); };
    if (edit.changed && last?.changed) take(edit);
    else if (edit.changed && joined.length > 1 && slight(last, joined.at(-2), edit)) { joined.pop(); take(last); take(edit); }
    else joined.push(edit);
  }
  return joined;
}

const ENDS = new Set(".!?;:。！？；：؟؛");

function fit(tokens, left) {
  const space = /^\s/.test(tokens[0]) || /^\s/.test(tokens.at(-1));
  return 2 * space + (!left.length || ENDS.has(left.at(-1)));
}

// Whole words stand where they begin or end with a space, a sentence after the full stop of the one before.
function slid(edits) {
  edits.forEach((edit, at) => {
    const [before, after] = [edits[at - 1], edits[at + 1]];
    if (!before || !after || !edit.changed || !edit.old.length === !edit.new.length) return;
    const tokens = edit.old.length ? edit.old : edit.new;
    let [best, bestFit] = [0, fit(tokens, before.old)];
    for (const step of [-1, 1]) {
      const [left, window, right] = [[...before.old], [...tokens], [...after.old]];
      for (let shift = step; ; shift += step) {
        if (step < 0) {
          if (!left.length || left.at(-1) !== window.at(-1)) break;
          window.unshift(left.pop());
          right.unshift(window.pop());
        } else {
          if (!right.length || right[0] !== window[0]) break;
          left.push(window.shift());
          window.push(right.shift());
        }
        if (fit(window, left) > bestFit) [best, bestFit] = [shift, fit(window, left)];
      }
    }
    for (let n = 0; n < Math.abs(best); n += 1) {
      if (best > 0) {
        tokens.push(tokens.shift());
        before.old.push(after.old.shift());
        before.new.push(after.new.shift());
      } else {
        tokens.unshift(tokens.pop());
        after.old.unshift(before.old.pop());
        after.new.unshift(before.new.pop());
      }
    }
  });
  return edits.filter(({ old, new: fresh }) => old.length || fresh.length);
}

function pieces(edits) {
  return edits.flatMap(({ changed, old, new: fresh }) => changed
    ? [["del", old.join("")], ["ins", fresh.join("")]].filter(([, text]) => text)
    : [["span", old.join("")]]);
}

function draw(form) {
  const place = form.querySelector("[data-redline]");
  const words = form.querySelector("[data-current-words]")?.textContent;
  const proposed = form.elements.proposed_text?.value ?? "";
  if (!place || words === undefined) return;
  place.parentElement.hidden = !proposed.trim() || proposed.trim() === words.trim();
  if (place.parentElement.hidden) return;
  place.replaceChildren(...redline(words.trim(), proposed.trim()).map(([tag, text]) => {
    const piece = document.createElement(tag);
    piece.textContent = text;
    return piece;
  }));
}

// The key is painted first, its redline in the frame after: typing stays quick on a slow machine.
let frame = 0;
let task = 0;
for (const type of ["input", "toggle"]) {
  document.addEventListener(type, (event) => {
    const form = event.target.closest?.("form.comment-form");
    if (!form || (type === "input" && event.target.name !== "proposed_text")) return;
    cancelAnimationFrame(frame);
    clearTimeout(task);
    frame = requestAnimationFrame(() => { task = setTimeout(draw, 0, form); });
  }, true);
}
document.addEventListener("voices:shown", (event) => { for (const form of event.target.querySelectorAll("form.comment-form")) draw(form); });
for (const form of document.querySelectorAll("form.comment-form")) draw(form);
