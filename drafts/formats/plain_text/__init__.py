"""Reads a draft from text taken out of a PDF: wrapped lines, page furniture, footnotes at the foot of a page."""

from .reader import read_plain_text

__all__ = ["read_plain_text"]
