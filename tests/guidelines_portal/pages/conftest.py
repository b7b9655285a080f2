"""What the tests of standing pages share: things that nobody outside may learn of, each with its own canary."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from consultations.actions.answering import answer_comment, publish_answers
from consultations.actions.tallying import recount_round
from tests.factories import make_comment, make_draft, make_group, make_provision, make_round, make_user

CANARY = re.compile(r"canary-[a-z]+", re.I)


@pytest.fixture
def hidden(db: None) -> SimpleNamespace:
    """Beside one public draft, round and answer: all that is hidden, named ``Canary-…``."""
    public = make_draft(status="published", paragraphs=1, label="First draft")
    open_round = make_round(public, title="Open to all")
    asked = make_group(name="Named in a public round")
    make_round(public, title="Public, for a group", groups=(asked,))

    secret = make_group(slug="canary-slug", name="Canary-group")
    member = make_user("expert", groups=(secret,), name="Canary-member", email="canary-mail@example.org")
    working = make_draft(guidelines=public.guidelines, label="Canary-working", paragraphs=1)
    make_provision(working, "canary-key", kind="pillar", pillar=1, heading="Canary-heading")
    circulated = make_draft(status="circulated", label="Canary-circulated", paragraphs=1)
    circulated.access.create(group=secret)
    on_working = make_round(working, title="Canary-on-working", guidance="Canary-guidance")
    closed_group = make_round(public, title="Canary-closed", groups=(secret,), visibility="participants")
    before = timezone.now() - timedelta(days=9)
    ended = make_round(
        public, title="Canary-ended", groups=(secret,), visibility="secretariat", opens_at=before
    )
    staff = make_user("staff", name="Canary-staff")
    answered = make_comment(open_round, make_user(), body="Said in public.")
    waiting = make_comment(open_round, make_user(), body="Not answered yet.")
    in_confidence = make_comment(ended, member, body="Canary-comment")
    for comment in (answered, in_confidence):
        answer_comment(actor=staff, comment=comment, outcome="accepted", responses={"en": "Thanks."})
    for round in (open_round, ended):
        publish_answers(actor=staff, round=round)
    answer_comment(actor=staff, comment=waiting, outcome="accepted", responses={"en": "Canary-answer"})
    recount_round(round_id=open_round.pk)
    return SimpleNamespace(
        public=public,
        open_round=open_round,
        asked=asked,
        secret=secret,
        member=member,
        working=working,
        circulated=circulated,
        rounds=(on_working, closed_group, ended),
    )
