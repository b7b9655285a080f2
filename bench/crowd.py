"""The demonstration with a crowd in it: hundreds of comments in its largest pillar, written by actions."""

import random
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from accounts.models import User
from consultations.actions.anchoring import AnchorInput
from consultations.actions.comments import write_comment
from consultations.actions.discussing import reply_to_comment, take_position
from consultations.actions.tallying import recount_round
from consultations.models import Comment, Round
from core.models import Outbox
from core.verdicts import Refusal
from drafts.models import Provision, ProvisionText
from guidelines_portal.demonstration.loader import SLUG, load_demonstration

CROWD = 500
# So many on one provision: its voices then fill a page of the margin.
ON_ONE = 40
BODIES = (
    "This should say who is responsible, and by when.",
    "Smaller municipalities cannot do this without help; the text should name the source of the funds.",
    "We support this and ask that it be kept as it stands. It is the heart of the pillar.",
    "The words are too weak for what is meant. In our city the same promise was made and not kept.",
)


@dataclass(frozen=True)
class Crowded:
    """Where the crowd is."""

    round: Round
    pillar: str  # its key, which is its page's
    provision: str  # the key of the one on which most was said
    expert: User

    @property
    def page(self) -> str:
        return f"guidelines/{SLUG}/1/{self.pillar}/"


@cache
def crowded_demonstration(comments: int = CROWD) -> Crowded:
    """Load the demonstration and write so many comments into the largest pillar of its open round; once."""
    load_demonstration(password=settings.DEMONSTRATION_PASSWORD)
    round = Round.objects.select_related("draft__guidelines").get(
        kind=Round.Kind.OPEN, draft__guidelines__slug=SLUG
    )
    rows = Provision.objects.filter(draft=round.draft, pillar__isnull=False)
    pillar = rows.order_by().values("pillar").annotate(n=Count("pk")).order_by("-n", "pillar")[0]["pillar"]
    texts = list(
        ProvisionText.objects.filter(provision__in=rows.filter(pillar=pillar), language="en")
        .exclude(text="")
        .select_related("provision")
        .order_by("provision__position")
    )
    longest = max(texts, key=lambda text: len(text.text))
    people = list(User.objects.filter(email__endswith="@example.org", affiliations__isnull=False).distinct())
    chance = random.Random(7)
    for n in range(comments):
        text = longest if n < ON_ONE else texts[n % len(texts)]
        _speak(round, text, people, chance)
    recount_round(round_id=round.pk)
    Outbox.objects.filter(done_at__isnull=True).update(done_at=timezone.now())  # no mail about it
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as an installation would soon do by itself
    return Crowded(
        round=round,
        pillar=f"pillar_{pillar}",
        provision=longest.provision.key,
        expert=User.objects.get(email="adaeze.okonta@example.org"),
    )


def _speak(round: Round, text: ProvisionText, people: list[User], chance: random.Random) -> None:
    """One comment: most quote, a third propose other words; replies and positions on it."""
    author, *others = chance.sample(people, 8)
    words = text.text.split(" ")
    proposed = ""
    if chance.random() < 1 / 3:
        at = chance.randrange(len(words))
        proposed = " ".join([*words[:at], "in a way that everyone can check,", *words[at + 2 :]])
    comment = write_comment(
        author=author,
        round=round,
        provision_key=text.provision.key,
        submit=True,
        anchor=_quote(text.text, words, chance) if chance.random() < 0.8 else None,
        kind=chance.choice(Comment.Kind.values),
        body=chance.choice(BODIES),
        proposed_text=proposed,
        language="en",
    )
    for person in others[: chance.randrange(3)]:
        reply_to_comment(author=person, comment=comment, body="I can live with this.", language="en")
    for person in others[: chance.randrange(7)]:
        try:
            take_position(user=person, comment=comment, position=chance.choice(["support", "oppose"]))
        except Refusal:
            continue  # two of one member state


def _quote(text: str, words: list[str], chance: random.Random) -> AnchorInput:
    """Some of the words that follow each other."""
    first = chance.randrange(len(words))
    start = sum(len(word) + 1 for word in words[:first])
    exact = " ".join(words[first : first + chance.randint(1, 12)]).rstrip()
    exact = exact or words[0]
    start = start if text[start : start + len(exact)] == exact else text.index(exact)
    return AnchorInput(exact=exact, start=start, end=start + len(exact), language="en")
