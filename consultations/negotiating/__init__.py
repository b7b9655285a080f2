"""Negotiating ("bracketed") text: written from proposals and positions, and read back. Knows no database."""

from consultations.negotiating.aligning import Understanding, Understood, understand
from consultations.negotiating.notation import NotationError, Proposal, Sign
from consultations.negotiating.reading import Alternative, Group, Reading, Text, read
from consultations.negotiating.splitting import Block, Head, Parts, split
from consultations.negotiating.writing import Written, write

__all__ = [
    "Alternative",
    "Block",
    "Group",
    "Head",
    "NotationError",
    "Parts",
    "Proposal",
    "Reading",
    "Sign",
    "Text",
    "Understanding",
    "Understood",
    "Written",
    "read",
    "split",
    "understand",
    "write",
]
