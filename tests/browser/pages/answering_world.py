"""Answers in the world of pages: templates, a round with a second reader, a reply to an answer, input entered."""

from django.utils import timezone

from accounts.models import Country
from consultations.actions.answering import answer_comment, publish_answers
from consultations.actions.entering_received import Received, enter_received
from consultations.actions.reacting import react_to_answer
from consultations.actions.second_reading import agree_to_answers, send_answer_back
from consultations.models import Comment
from tests.browser.pages.world_names import LONG, World
from tests.consultations.answered import answered, make_template
from tests.factories import make_draft, make_round


def add_answers(world: World) -> None:
    staff, drafter, me = (world.people[role] for role in ("staff", "drafter", "member"))
    assert staff and drafter and me
    round = make_round(make_draft(status="published", paragraphs=2), title="Two readers", second_reader=True)
    # Everything is answered by the drafter and read by staff.
    waits, back, agreed, changed, mine = (
        answered(round, drafter, published=False, provision_key="para_1", author=me) for _ in range(5)
    )
    send_answer_back(actor=staff, comment=back, version=1, note=f"Say which {LONG}.")
    agree_to_answers(actor=staff, seen={agreed: 1, changed: 1, mine: 1})
    publish_answers(actor=staff, round=round, comments=[changed, mine])
    react_to_answer(actor=me, comment=changed, version=1, content=False, why=LONG)
    for version, words in ((1, "On reflection."), (2, "Once more.")):
        answer_comment(
            actor=drafter, comment=changed, outcome="accepted", responses={"en": words}, version=version
        )
        if version == 1:
            agree_to_answers(actor=staff, seen={changed: 2})
    entered = enter_received(
        actor=staff,
        round=round,
        received=Received("letter", timezone.now().date(), "state", country=Country.objects.get(pk="KEN")),
        body=LONG,
    )
    world.names |= {
        "two_readers": round.pk,
        "reply_once": str(mine.uuid),
        "reread": str(changed.uuid),
        "unread": str(waits.uuid),
        "sent_back": str(back.uuid),
        "agreed": str(agreed.uuid),
        "entered": str(Comment.objects.get(pk=entered.pk).uuid),
        "template": make_template(staff, responses={"en": "No. {number}", "ar": "رقم {number}"}).pk,
    }
