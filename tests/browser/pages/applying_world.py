"""Proposals and a draft that is being written, in the world of pages: alternatives, one taken in, one that is stale."""

from consultations.actions.anchoring import AnchorInput
from consultations.actions.applying import apply_proposals
from drafts.actions.drafting import begin_draft
from drafts.models import ProvisionText
from tests.browser.pages.world_names import LONG, World
from tests.factories import make_comment, make_draft, make_round, make_user


def add_proposals(world: World) -> None:
    drafter = world.people["drafter"]
    assert drafter
    round = make_round(make_draft(status="published", paragraphs=2), title="Proposals")
    working = begin_draft(actor=drafter, base=round.draft, label="Written on")

    def propose(words: str, quote: str = "smart cities", key: str = "para_1") -> str:
        anchor = AnchorInput(exact=quote) if quote else None
        comment = make_comment(
            round, make_user("expert"), provision_key=key, proposed_text=words, body=LONG, anchor=anchor
        )
        return str(comment.uuid)

    taken, rival, apart, stale = (
        propose("towns"),
        propose("villages"),
        propose("tells", "speaks"),
        propose("parks", key="para_2"),
    )
    words = ProvisionText.objects.select_related("provision__draft").get(
        provision__draft=working, provision__key="para_1"
    )
    apply_proposals(
        actor=drafter,
        comments=round.comments.filter(uuid=taken),
        provision=words.provision,
        language="en",
        version=1,
        text=words.text.replace("smart cities", "towns"),
        outcome="accepted",
        responses={"en": "Taken up."},
    )
    world.names |= {
        "proposals": round.pk,
        "taken_in": taken,
        "rival": rival,
        "apart": apart,
        "elsewhere": stale,
    }
