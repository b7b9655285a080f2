"""No-break spaces stay in the text where writing wants them, and are found by whoever types a plain one."""

import pytest

from consultations.actions.anchoring import AnchorInput, check_anchor
from drafts.actions.importing import import_draft
from drafts.formats import parse_draft
from drafts.models import Provision
from tests.factories import make_user

PARAGRAPH = (
    "Les villes se demandent\u202f: qui paie\u202f? Elles répondent «\u00a0nous\u00a0», "
    "à hauteur de 10\u202f000\u00a0% au\u00a0plus."
)
KEPT = PARAGRAPH.replace("au\u00a0plus", "au plus")  # a space that nothing asks for is a plain one


@pytest.mark.parametrize("ending", ["md", "txt"])
def test_they_stay_where_writing_wants_them(ending: str) -> None:
    words = PARAGRAPH if ending == "md" else PARAGRAPH.replace("Elles", "\nElles", 1)
    head = "# I. Introduction\u00a0: le projet" if ending == "md" else "I. Introduction\u00a0: le projet"
    text = f"{head}\n\n1. {words}\n\n2. Le second paragraphe, sans rien.\n"
    parsed = parse_draft(text.encode(), filename=f"projet.{ending}", language="fr")
    texts = {provision.number: provision for provision in parsed.provisions}
    assert texts["1"].text == KEPT
    assert texts["I"].heading == "Introduction\u00a0: le projet"
    assert parsed.characters["read"] == parsed.characters["placed"] + parsed.characters["furniture"]


def test_where_all_spaces_are_of_that_kind_none_is_meant() -> None:
    text = f"# I. Introduction\n\n1. {PARAGRAPH}\n".replace(" ", "\u00a0").replace("#\u00a0", "# ")
    parsed = parse_draft(text.encode(), filename="projet.md", language="fr")
    assert "\u00a0" not in "".join(p.text + p.heading for p in parsed.provisions)


@pytest.mark.django_db
def test_an_import_keeps_them_and_quotes_find_them() -> None:
    text = f"# I. Introduction\n\n1. {PARAGRAPH}\n"
    import_draft(
        actor=make_user("staff", "drafter"),
        content=text.encode(),
        filename="projet.md",
        guidelines_slug="villes",
        label="Projet",
        language="fr",
        status="working",
    )
    provision = Provision.objects.get(number="1")
    assert provision.texts.get().text == KEPT
    anchor = check_anchor(AnchorInput(exact="se demandent : qui paie ?"), provision)
    assert anchor.exact == "se demandent\u202f: qui paie\u202f?"
