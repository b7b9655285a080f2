"""The page that takes a proposal into the text; see ``table.py``."""

from tests.browser.pages.rows import DESK, ME, get, post

PAGE = "rounds/{proposals}/comments/"
WORDS = {"text": "Paragraph 2 speaks of parks.", "words_version": "1", "language": "en", "response": "Yes."}
APPLYING = [
    *get(f"{PAGE}{{taken_in}}/apply/", f"{PAGE}{{rival}}/apply/", roles=DESK),
    *get(f"{PAGE}{{apart}}/apply/?with={{rival}}", roles=("drafter",)),
    *get(f"{PAGE}{{rival}}/apply/", roles=ME, status=403),
    post(f"{PAGE}{{elsewhere}}/apply/", {**WORDS, "see": "1"}, "drafter", status=200),
    post(f"{PAGE}{{elsewhere}}/apply/", {**WORDS, "text": "", "outcome": "noted"}, "drafter"),
    post(
        f"{PAGE}{{elsewhere}}/apply/",
        {**WORDS, "outcome": "accepted", "words_version": "9"},
        "drafter",
        status=409,
    ),
]
