// How many words a text has, in every script: as experts/counting.py counts them, whose word it is in the end.

const JOINERS = new Set("'’‘-‐‑.,·\u200c\u200d");
const ALONE = /[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/u;

export function countWords(text) {
  let words = 0, inside = false, joined = false;
  for (const sign of text.normalize("NFC")) {
    if (ALONE.test(sign)) { words += 1; inside = joined = false; }
    else if (/[\p{L}\p{N}]/u.test(sign)) { words += inside ? 0 : 1; inside = true; joined = false; }
    else if (inside && /\p{M}/u.test(sign)) continue;
    else if (inside && !joined && JOINERS.has(sign)) joined = true;
    else inside = joined = false;
  }
  return words;
}
