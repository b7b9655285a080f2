"""A round's comments as compilations need them, read in chunks: what one reader may know, as plain values."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Country, Organisation, StakeholderGroup, User
from accounts.pseudonyms import shown_name
from consultations.compilations.sight import Sight
from consultations.mails import response_in
from consultations.models import AppliedChange, Comment, Evidence, Position, Round
from core.among import Among
from core.mail import absolute
from core.punctuation import colon, detail
from core.six_languages import LANGUAGES, column
from drafts.languages import language_of
from drafts.marks import without_marks
from drafts.models import Draft, Provision
from drafts.places import place_name
from drafts.queries import contents

CHUNK = 5_000
_FIELDS = (
    *("pk", "uuid", "number", "status", "kind", "body", "proposed_text", "rationale", "language"),
    *("attribution", "author", "author_name", "organisation_name", "country", "region", "stakeholder_group"),
    *("submitted_at", "entered_by", "provision", "anchor__exact", "anchor__language"),
    *("disposition__outcome", "disposition__decided_at", "disposition__published_at"),
    "disposition__answer__responses",
)
_ANYONE = UUID(int=0)


class Place(NamedTuple):
    """A provision: what people call it, the part of the draft that it stands in, and the chapter or pillar."""

    key: str
    name: str
    part: str
    page: str
    pillar: int | None
    position: int
    is_part: bool


class Change(NamedTuple):
    """What an answer changed in the text: words for it, and where it is shown."""

    words: str
    link: str


class Entry(NamedTuple):
    """One comment. What its reader may not know is empty. Times are UTC. ``state``: the member state that it speaks
    for, by its code; a delegate may be of another country."""

    pk: int
    number: int | None
    status: str
    kind: str
    body: str
    proposed: str
    proposed_language: str
    rationale: str
    language: str
    quote: str
    quote_language: str
    place: Place
    author: str
    organisation: str
    country: str
    country_code: str
    state: str
    region: str
    group: str
    submitted_at: datetime | None
    entered: bool
    outcome: str
    answer: str
    answer_language: str
    decided_at: datetime | None
    published_at: datetime | None
    changes: Sequence[Change]
    support: int
    oppose: int
    reserve: int
    flags: Sequence[tuple[str, str]]
    evidence: Sequence[str]
    link: str

    @property
    def origin(self) -> str:
        return " – ".join(filter(None, (self.organisation, self.country)))

    @property
    def byline(self) -> str:
        """The same one name as ``naming.byline`` gives."""
        return self.author or self.origin or _("Without name")


class Entries:
    """The comments of one compilation, in the language that is active."""

    def __init__(self, round: Round, reader: Any, found: "QuerySet[Comment]") -> None:
        self.round, self.sight = round, Sight.of(reader, round)
        self.found = found
        self.language = get_language() or "en"
        self.places = _places(round.draft, self.language)
        self.whole = Place("", _("The draft as a whole"), "", _("The draft as a whole"), None, -1, False)
        self.countries: dict[str, str] = dict(Country.objects.values_list("pk", "name"))
        self._states = _states()
        self._drafts = {
            draft.pk: draft
            for draft in Draft.objects.visible_to(reader)
            .filter(guidelines=round.draft.guidelines_id)
            .select_related("guidelines")
        }
        self._link = absolute(reverse("consultations:comment_detail", args=[round.pk, _ANYONE]))

    def in_order(self, *, by_provision: bool) -> "array[int]":
        """The comments' ids: those that came late last, by number or by provision and number."""
        late = Case(
            When(status=Comment.Status.LATE, then=Value(1)), default=Value(0), output_field=IntegerField()
        )
        place = [F("provision__position").asc(nulls_first=True)] if by_provision else []
        order: list[Any] = [late, *place, F("number").asc(nulls_last=True), "pk"]
        return array("q", self.found.order_by(*order).values_list("pk", flat=True).iterator(CHUNK))

    def by_id(self, ids: Sequence[int]) -> dict[int, Entry]:
        """So many comments at once as these ids; five queries or fewer. One that the reader may no longer read is
        not among them."""
        rows = list(self.found.order_by().filter(Among("pk", ids)).values_list(*_FIELDS))
        keys = [row[0] for row in rows]
        nameless = [row[10] for row in rows if not row[11] and self.sight.author(row[10], row[9])]
        names = dict(User.objects.filter(pk__in=nameless).values_list("pk", "name")) if nameless else {}
        voices = self._voices(keys)
        changes = self._changes([row[0] for row in rows if row[21]])
        evidence = self._evidence(keys)
        return {row[0]: self._entry(row, names, voices, changes, evidence) for row in rows}

    def chunks(self, ids: "array[int]") -> Iterator[list[Entry]]:
        """The comments in this order, some at a time."""
        for start in range(0, len(ids), CHUNK):
            chunk = ids[start : start + CHUNK].tolist()
            known = self.by_id(chunk)
            yield [known[pk] for pk in chunk if pk in known]

    def _entry(self, row: tuple[Any, ...], names: Any, voices: Any, changes: Any, evidence: Any) -> Entry:
        pk, uuid, number, status, kind, body, proposed, rationale, language, attribution, author = row[:11]
        name, organisation, country, region, group, submitted, entered, provision, quote, quoted = row[11:21]
        outcome, decided, published, responses = row[21:]
        sees_author = self.sight.author(author, attribution)
        if not (sees_author or self.sight.origin(author, attribution)):
            organisation = country = region = group = ""
        answer = answer_language = ""
        if outcome and (published or self.sight.secretariat):
            answer_language, answer = response_in(responses, self.language, language)
        else:
            outcome, decided, published = "", None, None
        counts, flags = voices.get(pk, ((0, 0, 0), ()))
        return Entry(
            pk,
            number,
            status,
            kind,
            body,
            proposed,
            language_of(proposed, default=quoted or language) if proposed else "",
            rationale,
            language,
            without_marks(quote) if quote else "",
            quoted or "",
            self.places[provision] if provision else self.whole,
            shown_name(name or names[author]) if sees_author else "",
            organisation,
            self.countries.get(country, country),
            country,
            self.state_of(group, organisation, country),
            region,
            group,
            submitted,
            entered is not None,
            outcome,
            answer,
            answer_language,
            decided,
            published,
            changes.get(pk, ()) if outcome else (),
            counts[0],
            counts[1],
            counts[2],
            flags,
            evidence.get(pk, ()),
            self._link.replace(str(_ANYONE), str(uuid)),
        )

    def _voices(self, keys: Iterable[int]) -> dict[int, tuple[tuple[int, int, int], list[tuple[str, str]]]]:
        """By comment: how many support, oppose and reserve, and which organisations do."""
        organisation = ("organisation__kind", "organisation__country", "organisation__name")
        counts: dict[int, dict[str, int]] = defaultdict(lambda: {"support": 0, "oppose": 0, "reserve": 0})
        flags: dict[int, list[tuple[str, str]]] = defaultdict(list)
        taken = Position.objects.filter(Among("comment", keys)).order_by("pk")
        for comment, value, kind, country, name in taken.values_list("comment", "position", *organisation):
            counts[comment][value] += 1
            if kind:
                flags[comment].append((self.speaker(kind, country, name), value))
        return {pk: ((c["support"], c["oppose"], c["reserve"]), flags[pk]) for pk, c in counts.items()}

    def state_of(self, group: str, organisation: str, country: str) -> str:
        """The code of the member state that a comment speaks for; "" where it speaks for none."""
        return self._states.get(organisation, country) if group == StakeholderGroup.MEMBER_STATE else ""

    def speaker(self, kind: str, country: str | None, name: str) -> str:
        """What an organisation is called: a member state by its country, others by their own name."""
        return self.countries.get(country or "", name) if kind == StakeholderGroup.MEMBER_STATE else name

    def _changes(self, keys: Sequence[int]) -> dict[int, list[Change]]:
        """By comment: the changes that its answer names, in drafts that the reader may read."""
        if not keys:
            return {}
        text, provision = "revision__provision_text", "revision__provision_text__provision"
        applied = AppliedChange.objects.filter(
            disposition__comment__in=keys, **{f"{provision}__draft__in": list(self._drafts)}
        )
        if not self.sight.secretariat:
            applied = applied.filter(**{f"{text}__unreleased": False})
        found: dict[int, list[Change]] = defaultdict(list)
        for change in applied.order_by("pk").select_related(f"{provision}", "disposition"):
            at = change.revision.provision_text.provision
            draft = self._drafts[at.draft_id]
            version = _("version %(number)d") % {"number": change.revision.version}
            words = f"{draft.label}{detail()}{place_name(at)}{detail()}{version}"
            link = absolute(reverse("drafts:wordings", args=[draft.guidelines.slug, at.key]))
            found[change.disposition.comment_id].append(Change(words, link))
        return found

    def _evidence(self, keys: Iterable[int]) -> dict[int, list[str]]:
        found: dict[int, list[str]] = defaultdict(list)
        rows = Evidence.objects.filter(Among("comment", keys)).order_by("pk")
        for comment, url, file in rows.values_list("comment", "url", "file__uuid"):
            found[comment].append(url or absolute(reverse("file_download", args=[file])))
        return found


def _states() -> dict[str, str]:
    """The code of every member state by the names of its organisation: a comment keeps the one that it was sent under,
    in whatever language that was."""
    states = Organisation.objects.filter(kind=StakeholderGroup.MEMBER_STATE)
    names = [column("name", code) for code in LANGUAGES]
    return {name: code for code, *told in states.values_list("country", *names) for name in told if name}


def _places(draft: Draft, language: str) -> dict[int, Place]:
    """Every provision of the draft, those taken out since as well."""
    parts = {}
    for unit in contents(draft, language):
        heading = unit.read.text.heading if unit.read.text else ""
        name = place_name(unit.provision)
        parts[unit.provision.pk] = (f"{name}{colon()}{heading}" if heading else name, unit.has_page)
    found, part, page = {}, "", ""
    for row in Provision.with_removed.filter(draft=draft).order_by("position", "pk"):
        if row.pk in parts:
            part, has_page = parts[row.pk]
            page = part if has_page else page
        found[row.pk] = Place(
            row.key, place_name(row), part, page or part, row.pillar, row.position, row.pk in parts
        )
    return found
