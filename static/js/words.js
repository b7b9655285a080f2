// Where words begin and end in a provision's plain text, counted in code points; footnote marks are no words.
import { MARK } from "./place.js";

const HAN = /\p{Script=Han}/u;
const count = (text) => [...text].length;

// Words as [start, end]. Chinese is cut where the browser knows words, and elsewhere by runs of letters.
export function segments(plain, language) {
  const marks = [...plain.matchAll(MARK)].map((mark) => [mark.index, mark.index + mark[0].length]);
  const words = typeof Intl.Segmenter === "function"
    ? [...new Intl.Segmenter(language || undefined, { granularity: "word" }).segment(plain)].filter((s) => s.isWordLike).map((s) => [s.index, s.segment])
    : [...plain.matchAll(/[\p{L}\p{M}\p{N}]+/gu)].map((word) => [word.index, word[0]]);
  const found = [];
  let [at, passed] = [0, 0]; // counted on from word to word, for a text may be long
  for (const [index, word] of words) {
    passed += count(plain.slice(at, index));
    at = index;
    if (!marks.some(([a, b]) => index >= a && index < b)) found.push([passed, passed + count(word)]);
  }
  return found;
}

// A stretch whose ends lie inside words, made to take those words whole. A part of one word alone is meant as it
// is marked (an ending, a slip of a letter); so is Chinese, whose words no two readers part alike. Behind an
// apostrophe a word may begin: "eau" in "l'eau".
export function widened(plain, language, from, to) {
  const points = [...plain];
  const words = segments(plain, language).filter(([start, end]) => !HAN.test(points.slice(start, end).join("")));
  const around = (place) => words.find(([start, end]) => start < place && place < end);
  const [first, last] = [around(from), around(to)];
  const within = words.find(([start, end]) => start <= from && to <= end);
  if (within) return [from, to];
  return [first && !/['\u2019]/.test(points[from - 1]) ? first[0] : from, last ? last[1] : to];
}

// Without the spaces and the marks at its ends; empty where nothing else is in it.
export function trimmed(plain, from, to) {
  const whole = [...plain].slice(from, to).join("");
  const [before] = /^(?:\s|\[\^[^\]\s]+\])*/u.exec(whole);
  const kept = whole.slice(before.length).replace(/(?:\s|\[\^[^\]\s]+\])+$/u, "");
  const start = from + count(before);
  return [start, start + count(kept)];
}
