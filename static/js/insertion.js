// A word put between words: with a blank wherever a letter, a digit or a sign would touch it. Chinese has no blanks.
const WORD = /[\p{L}\p{M}\p{N}]/u;
const CLOSES = /[\p{L}\p{M}\p{N}\])»”.,;:!?،؛؟%]/u;
const HAN = /\p{Script=Han}/u;

export function withBlanks(field, word) {
  const before = field.value.slice(0, field.selectionStart).slice(-1);
  const after = field.value.slice(field.selectionEnd).slice(0, 1);
  const blank = (sign, touches) => (touches.test(sign) && !HAN.test(sign + word) ? " " : "");
  return `${blank(before, CLOSES)}${word}${blank(after, WORD)}`;
}
