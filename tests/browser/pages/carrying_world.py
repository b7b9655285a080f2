"""Comments carried to a second draft, in every state, in the world of pages."""

from consultations.actions.anchoring import AnchorInput
from consultations.actions.carrying import carry_comments, start_carrying
from drafts.actions.drafting import begin_draft
from drafts.actions.revising import revise_provision
from drafts.models import ProvisionText
from tests.browser.pages.world_names import LONG, World
from tests.factories import make_comment, make_draft, make_provision, make_round, make_user, set_status

OLD = f"Cities publish their data. {LONG}. Budgets name the whole cost. Nobody is left behind."
NEW = f"Nobody is left behind. Cities publish all their data. {LONG}."


def add_carried(world: World) -> None:
    drafter = world.people["drafter"]
    assert drafter
    first = make_draft(paragraphs=0)
    make_provision(first, "para_1", number="1", parent=first.provisions.get(), text=OLD)
    set_status(first, "published")
    round = make_round(first, title="Carried from")
    for words in ("publish their data", LONG, "the whole cost", "Nobody is left behind", ""):
        anchor = AnchorInput(exact=words) if words else None
        make_comment(round, make_user("expert"), provision_key="para_1", anchor=anchor)
    second = begin_draft(actor=drafter, base=first, label="Carried to")
    words = ProvisionText.objects.select_related("provision__draft").get(
        provision__draft=second, provision__key="para_1"
    )
    revise_provision(
        actor=drafter, provision=words.provision, language="en", version=1, text=NEW, reason="Shorter."
    )
    set_status(second, "published")
    carry_comments(draft=second)
    start_carrying(draft=second)
    world.names |= {"carried": first.guidelines.slug, "carried_from": round.pk}
