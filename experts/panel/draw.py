"""The draw between panels of equal merit: a number for each candidate that anybody can work out again."""

import hashlib

from experts.panel.problem import CandidateId


def drawn_number(seed: int | str, candidate: CandidateId) -> str:
    """The candidate's number, as 64 hexadecimal digits: SHA-256 of the UTF-8 text ``seed:id``.

    Candidates are drawn in ascending order of these numbers. Of the panels of optimal merit, that one is taken
    whose members come first in this order: it has the first drawn candidate if any of them has, then, among those
    that agree so far, the second if any of them has, and so on. The order of the input plays no part.
    """
    return hashlib.sha256(f"{seed}:{candidate}".encode()).hexdigest()
