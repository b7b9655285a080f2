"""Words in six languages, as calls hold them."""

from core.six_languages import LANGUAGES, Words, check_length, reader_text, set_words, words_of

__all__ = ["LANGUAGES", "Words", "check_length", "reader_text", "set_words", "words_of"]
