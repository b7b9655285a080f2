"""A consultation of any size: comments in six languages by people of many countries, with what was made of them."""

import random
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import islice

from django.db import connection
from django.utils import timezone

from accounts.models import Country, Organisation, RegionMembership, RoleGrant, StakeholderGroup, User
from bench.scratch import make_draft, make_round
from consultations.actions.tallying import recount_round
from consultations.models import (
    Anchor,
    Answer,
    Comment,
    CommentRevision,
    Disposition,
    Position,
    Round,
    RoundCounter,
)
from consultations.search import token_column
from drafts.models import ProvisionText, Revision

CHUNK = 5_000
# So many on one provision, in every round: its voices fill a page however many comments there are.
ON_ONE = 60
SHARES = {"en": 45, "es": 15, "fr": 14, "ar": 10, "zh-hans": 9, "ru": 7}
# What is said, and what is put into the text, in each language.
SAID = {
    "en": (
        "This should say who is responsible, and by when.",
        "Smaller municipalities cannot do this without help; the text should name the source of the funds.",
        "We support this paragraph and ask that it be kept as it stands.",
        "=SUM(A1:A3) is not a policy: please define the indicator before it is measured.",
    ),
    "es": (
        "Debería indicarse quién es responsable y en qué plazo.",
        "Los municipios pequeños no pueden hacerlo sin apoyo financiero.",
    ),
    "fr": (
        "Il faudrait dire qui est responsable, et pour quand.",
        "Les petites communes ne peuvent pas le faire sans aide.",
    ),
    "ar": ("ينبغي تحديد الجهة المسؤولة والموعد.", "لا تستطيع البلديات الصغيرة القيام بذلك دون مساعدة."),
    "zh-hans": ("应当说明由谁负责、何时完成。", "小城市没有资助无法做到这一点。"),
    "ru": (
        "Следует указать, кто отвечает и к какому сроку.",
        "Малые города не смогут сделать это без помощи.",
    ),
}
PUT_IN = {
    "en": "in a way that everyone can check",
    "es": "de manera verificable",
    "fr": "de manière vérifiable",
    "ar": "بطريقة يمكن التحقق منها",
    "zh-hans": "以可核查的方式",
    "ru": "поддающимся проверке образом",
}
ANSWERS = {
    "en": "Thank you. The drafters considered this together with the other comments on the paragraph.",
    "fr": "Merci. Les rédacteurs l’ont examiné avec les autres observations sur ce paragraphe.",
    "zh-hans": "谢谢。起草者已将此意见与本段其他意见一并审议。",
}
# Of every twenty: what becomes of those that are answered.
OUTCOMES = ["accepted"] * 5 + ["partly_accepted"] * 5 + ["noted"] * 6 + ["not_accepted"] * 4


@dataclass(frozen=True)
class Text:
    """A provision's words, and the revision that a quote of them names."""

    provision: int
    language: str
    text: str
    revision: int


@cache
def consultation(comments: int) -> Round:
    """A closed round with so many comments on a draft of its own; made once."""
    round = make_round(make_draft(f"consultation-{comments}"))
    many_comments(round, comments)
    opened = timezone.now() - timedelta(days=46)
    Round.objects.filter(pk=round.pk).update(opens_at=opened, closes_at=opened + timedelta(days=45))
    round.refresh_from_db()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as an installation would soon do by itself
    return round


def many_comments(
    round: Round, count: int, *, seed: int = 7, answered: float = 0.6, people: int | None = None
) -> None:
    """Write ``count`` submitted comments over the round's provisions, straight into the tables.

    The languages are those of ``SHARES``; half quote their provision and 30 % propose other words; a fifth has
    positions of people and member states; a share of ``answered`` is answered, three quarters of these with the
    answer published. ``ON_ONE`` of them stand on one provision. The tallies are counted at the end. The same
    ``seed`` says the same. No mail, no audit entry and no outbox row comes of it.
    """
    chance = random.Random(seed)
    texts = _texts(round)
    crowd = _crowd(people or max(20, min(5_000, count // 8)), chance)
    states = _states(60)
    rows = _comments(round, count, texts, crowd, chance)
    while chunk := list(islice(rows, CHUNK)):
        comments = Comment.objects.bulk_create([comment for comment, _text in chunk], batch_size=1_000)
        CommentRevision.objects.bulk_create(
            (CommentRevision(comment=c, version=1, content=c.content) for c in comments), batch_size=1_000
        )
        _quote([pair for pair in chunk if chance.random() < 0.5], chance)
        _take_positions(comments, crowd, states, chance)
        _answer([c for c in comments if chance.random() < answered], crowd[:4], chance)
    RoundCounter.objects.update_or_create(round=round, defaults={"last": _last(round)})
    recount_round(round_id=round.pk)


def _texts(round: Round) -> list[Text]:
    """What can be commented on and has words, in the draft's own language."""
    found = ProvisionText.objects.filter(
        provision__draft=round.draft, language=round.draft.source_language
    ).exclude(text="")
    rows = list(found.order_by("provision__position").values_list("pk", "provision", "language", "text"))
    latest = dict(
        Revision.objects.filter(provision_text__in=[pk for pk, *_rest in rows])
        .order_by("version")
        .values_list("provision_text", "pk")
    )
    return [Text(provision, language, text, latest[pk]) for pk, provision, language, text in rows]


def _states(count: int) -> list[Organisation]:
    """The organisations of so many member states."""
    countries = list(Country.objects.order_by("pk")[:count])
    return [
        Organisation.objects.get_or_create(
            kind=StakeholderGroup.MEMBER_STATE, country=country, defaults={"name": country.name}
        )[0]
        for country in countries
    ]


def _crowd(count: int, chance: random.Random) -> list[User]:
    """People of many countries."""
    countries = list(Country.objects.values_list("pk", flat=True).order_by("pk"))
    mark = secrets.token_hex(4)
    people = User.objects.bulk_create(
        (
            User(
                email=f"crowd-{mark}-{i}@example.org",
                name=f"Person {i}",
                password="!",
                country_id=chance.choice(countries) if countries else None,
            )
            for i in range(count)
        ),
        batch_size=1_000,
    )
    RoleGrant.objects.bulk_create(RoleGrant(user=person, role="participant") for person in people)
    return people


def _comments(
    round: Round, count: int, texts: Sequence[Text], crowd: Sequence[User], chance: random.Random
) -> Iterator[tuple[Comment, Text | None]]:
    """Comments yet to be written, with the words that each is about; one in fifty is about the whole draft."""
    regions = dict(RegionMembership.objects.in_un_groups().values_list("country", "region__code"))
    groups = [group.value for group in StakeholderGroup]
    first, begun = _last(round) + 1, timezone.now() - timedelta(days=46)
    crowded = max(texts, key=lambda text: len(text.text))
    for n in range(count):
        author = chance.choice(crowd)
        language = chance.choices(list(SHARES), list(SHARES.values()))[0]
        text = None if n % 50 == 49 else crowded if n < ON_ONE else texts[n % len(texts)]
        group = chance.choice(groups)
        body = f"{chance.choice(SAID[language])} ({n + 1})"
        proposed = _proposed(text, chance) if text and chance.random() < 0.3 else ""
        submitted = begun + timedelta(days=45) * ((n + chance.random()) / count)
        yield (
            Comment(
                round=round,
                provision_id=text.provision if text else None,
                author=author,
                number=first + n,
                status=Comment.Status.SUBMITTED,
                kind=chance.choice(Comment.Kind.values),
                body=body,
                proposed_text=proposed,
                rationale=chance.choice(SAID[language]) if proposed else "",
                language=language,
                attribution=chance.choices(Comment.Attribution.values, (7, 2, 1))[0],
                region=regions.get(author.country_id or "", ""),
                stakeholder_group=group,
                author_name=author.name,
                organisation_name="" if group == "individual" else f"Organization {n % 400}",
                country=author.country_id or "",
                created_at=submitted,
                updated_at=submitted,
                submitted_at=submitted,
                receipt="0" * 64,
                search_tokens=token_column(body, proposed),
            ),
            text,
        )


def _proposed(text: Text, chance: random.Random) -> str:
    """The text with something put in, and sometimes with a stretch taken out."""
    words = list(text.text) if text.language == "zh-hans" else text.text.split(" ")
    at = chance.randrange(len(words))
    until = min(len(words), at + chance.choice((0, 0, 2, 5)))
    gap = "" if text.language == "zh-hans" else " "
    return gap.join([*words[:at], PUT_IN[text.language], *words[until:]])


def _quote(chunk: Sequence[tuple[Comment, Text | None]], chance: random.Random) -> None:
    anchors = []
    for comment, text in chunk:
        if text is None:
            continue
        start = chance.randrange(max(1, len(text.text) - 10))
        end = min(len(text.text), start + chance.randint(5, 80))
        anchors.append(
            Anchor(
                comment=comment,
                revision_id=text.revision,
                language=text.language,
                exact=text.text[start:end],
                prefix=text.text[max(0, start - 32) : start],
                suffix=text.text[end : end + 32],
                start=start,
                end=end,
            )
        )
    Anchor.objects.bulk_create(anchors, batch_size=1_000)


def _take_positions(
    comments: Sequence[Comment], crowd: Sequence[User], states: Sequence[Organisation], chance: random.Random
) -> None:
    positions = []
    for comment in comments:
        if chance.random() >= 0.2:
            continue
        people = [p for p in chance.sample(crowd, min(4, len(crowd))) if p.pk != comment.author_id]
        positions += [
            Position(comment=comment, user=person, position=chance.choice(("support", "support", "oppose")))
            for person in people
        ]
        positions += [
            Position(comment=comment, organisation=state, position=chance.choice(Position.Value.values))
            for state in chance.sample(states, min(2, len(states)))
        ]
    Position.objects.bulk_create(positions, batch_size=1_000)


def _answer(comments: Sequence[Comment], drafters: Sequence[User], chance: random.Random) -> None:
    """Answers of their own for three of four, one shared by the others."""
    shared = Answer.objects.create(responses=_words("en"))
    answers = Answer.objects.bulk_create(
        (Answer(responses=_words(comment.language)) for comment in comments), batch_size=1_000
    )
    closed = timezone.now() - timedelta(hours=12)
    dispositions = []
    for comment, answer in zip(comments, answers, strict=True):
        decided = (comment.submitted_at or closed) + timedelta(days=chance.expovariate(1 / 9))
        decided = min(decided, closed)
        dispositions.append(
            Disposition(
                comment=comment,
                answer=answer if chance.random() < 0.75 else shared,
                outcome=chance.choice(OUTCOMES),
                decided_by=chance.choice(drafters),
                decided_at=decided,
                published_at=closed if chance.random() < 0.75 else None,
            )
        )
    Disposition.objects.bulk_create(dispositions, batch_size=1_000)


def _words(language: str) -> dict[str, str]:
    """An answer in English, and in the commenter's language where there is one."""
    return {code: ANSWERS[code] for code in ("en", language) if code in ANSWERS}


def _last(round: Round) -> int:
    """The highest number given in the round so far."""
    last = Comment.objects.filter(round=round).order_by("-number").values_list("number", flat=True)
    return last.exclude(number=None).first() or 0
