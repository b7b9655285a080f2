"""The record of a decision as PDF: from what, by which rules, with what proof, by whom."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts.templatetags.moments import moment_in_words
from core.punctuation import detail, listed
from experts.criteria_chart import bars_of
from experts.models import Decision, DecisionItem, Selection
from experts.panel import balance
from experts.panel_balance import bullets_of
from experts.panel_mails import SENDER
from experts.panel_reading import Person, Reading, people_of, read_selection
from experts.panel_words import Words, range_words
from experts.papers import Block, Paper, bullets, code, facts, heading, numbered, paragraph, rows
from experts.selection_pool import problem_behind
from experts.still_open import known_open_of

Outcome = DecisionItem.Outcome


def record_of(decision: Decision, broken: list[Any]) -> Paper:
    """The record under the language that is active. ``broken``: rules that the panel doesn't keep."""
    items = list(
        decision.items.select_related("nomination__country", "departed_by").order_by(
            "rank", "nomination__name"
        )
    )
    call = decision.call
    return Paper(
        language=translation.get_language() or "en",
        title=_("Record of the decision on the panel"),
        subtitle=call.title,
        sender=SENDER,
        made_at=decision.decided_at,
        foot=call.title + detail() + _("version %(n)d") % {"n": decision.version},
        blocks=[
            *_decided(decision),
            *_criteria(decision),
            *_computed(decision),
            *_departures(decision, items, broken),
            *_decided_panel(decision, items),
            *_people(items),
        ],
    )


def _decided(decision: Decision) -> list[Block]:
    lines: list[tuple[Any, Any]] = [
        (_("Decided by"), decision.decided_by.shown_name),
        (_("Decided"), moment_in_words(decision.decided_at)),
    ]
    if decision.announced_at and decision.announced_by:
        lines += [
            (_("Announced by"), decision.announced_by.shown_name),
            (_("Announced"), moment_in_words(decision.announced_at)),
        ]
    else:
        lines.append((_("Announced"), _("not yet")))
    blocks = [facts([*lines, (_("Record made"), moment_in_words(timezone.now()))])]
    for act in known_open_of(decision):
        blocks += [heading(act.title), paragraph(act.said), bullets(act.lines)]
    if decision.statement:
        blocks += [heading(_("Reasons for the panel")), paragraph(decision.statement)]
    return blocks


def _criteria(decision: Decision) -> list[Block]:
    criteria = list(decision.call.criteria.all())
    if not criteria:
        return []
    lines = [
        [bar.criterion.name, bar.criterion.weight, f"{number_format(bar.percent, 1)} %"]
        for bar in bars_of(criteria)
    ]
    return [heading(_("Criteria")), rows([_("Criterion"), _("Weight"), _("Share")], lines)]


def _computed(decision: Decision) -> list[Block]:
    selection = decision.selection
    if selection is None:
        return []
    words, asked = Words(), selection.problem
    reading = read_selection(selection)
    costs = {
        (price["attribute"], price["value"]): price["price"]
        for price in selection.outcome.get("prices", ())
        if price["of"] == "quota"
    }
    solution = selection.outcome["solution"]
    reached = _reached(selection, solution["selected"])
    lines = [
        [
            words.quota(q["attribute"], q["value"]),
            range_words(q),
            reached[q["attribute"], q["value"]],
            _points(costs.get((q["attribute"], q["value"]))),
        ]
        for q in asked["quotas"]
    ]
    blocks = [
        heading(_("Pool and rules")),
        facts(
            [
                (_("People in the pool"), len(selection.pool)),
                (_("SHA-256 of the pool"), code(selection.pool_sha256)),
                (_("Seats"), asked["seats"]),
                (
                    _("Most from one country"),
                    asked["per_country"] if asked["per_country"] is not None else "–",
                ),
                (_("Seed of the draw"), asked["seed"]),
            ]
        ),
        *([rows([_("Quota"), _("Asked"), _("Proposed"), _("Costs")], lines)] if lines else []),
        *_decisions(asked, reading.people),
        *_several(reading),
        heading(_("Proof")),
        facts(
            [
                (_("Solver"), selection.get_status_display()),
                (_("Merit of all members as proposed"), _points(solution["merit"])),
                (_("Bound: what none exceeds"), _points(solution["bound"])),
            ]
        ),
    ]
    if reading.ties:
        blocks.append(paragraph(reading.ties))
    if reading.prices:
        blocks.append(
            rows([_("Rule"), _("Costs")], [[label, _points(price)] for label, price in reading.prices])
        )
    if reading.near:
        lines = [
            [
                listed(f"+ {person.name}" for person in near.comes_in)
                + " "
                + listed(f"− {person.name}" for person in near.goes_out),
                _points(near.behind),
            ]
            for near in reading.near
        ]
        blocks += [heading(_("Panels almost as good")), rows([_("Exchange"), _("Points less")], lines)]
    return blocks


def _decisions(asked: dict[str, Any], people: dict[str, Person]) -> list[Block]:
    lines = [
        [people[uuid].name if uuid in people else uuid, label, why or "–"]
        for which, label in (("include", _("Included by decision")), ("exclude", _("Excluded by decision")))
        for uuid, why in asked[which].items()
    ]
    return [rows([_("Person"), _("Decision"), _("Reason")], lines)] if lines else []


def _several(reading: Reading) -> list[Block]:
    if not reading.several:
        return []
    lines = [
        [
            listed(f"{person.name} ({person.country})" for person in one.nominations),
            one.sits.country if one.sits else "–",
        ]
        for one in reading.several
    ]
    return [
        heading(_("Nominated more than once")),
        paragraph(
            _(
                "These nominations are of one person each: they share an account or an address, or the secretariat "
                "found that they are the same. Each person holds one place at most; this rule never gives way."
            )
        ),
        rows([_("Nominations"), _("Proposed for the panel as nominated by")], lines),
    ]


def _departures(decision: Decision, items: list[DecisionItem], broken: list[Any]) -> list[Block]:
    blocks = [heading(_("Departures from the proposal"))]
    departed = [item for item in items if item.departed_by_id]
    if departed:
        lines = [
            [
                item.nomination.name,
                DecisionItem.Outcome(item.proposed).label if item.proposed else "–",
                item.get_outcome_display(),
                item.reason or "–",
                item.departed_by.shown_name if item.departed_by else "",
            ]
            for item in departed
        ]
        head = [_("Person"), _("Proposed"), _("Decided"), _("Reason"), _("By")]
        blocks.append(rows(head, lines, widths=[3, 3, 3, 5, 3]))
    else:
        blocks.append(paragraph(_("None: the panel is the one that was computed.")))
    if broken and decision.selection:
        words = Words()
        people = people_of(decision.call, decision.selection.pool, words)
        names = {uuid: person.name for uuid, person in people.items()}
        said = [
            words.demand(
                {
                    "kind": demand.kind,
                    "attribute": demand.attribute,
                    "value": demand.value,
                    "candidate": demand.candidate,
                },
                decision.selection.problem,
                names,
            )
            for demand in broken
        ]
        blocks += [paragraph(_("Rules that the panel as decided doesn't keep:")), bullets(said)]
    return blocks


def _reached(selection: Selection, panel: Iterable[str]) -> dict[tuple[str, str], int]:
    """How many of ``panel`` have each value of each attribute."""
    return {
        (line.attribute, line.value): line.panel for line in balance(problem_behind(selection), panel).lines
    }


def _decided_panel(decision: Decision, items: list[DecisionItem]) -> list[Block]:
    """What the panel as decided comes to: its merit, and its balance beside what was asked and the pool."""
    members = [item.nomination for item in items if item.outcome == Outcome.MEMBER]
    merits = [member.merit for member in members if member.merit is not None]
    blocks = [
        heading(_("The panel as decided")),
        facts([(_("Members"), len(members)), (_("Merit of all members"), _points(sum(merits, Decimal(0))))]),
    ]
    if decision.selection is None:
        return blocks
    words, problem = Words(), problem_behind(decision.selection)
    known = {candidate.id for candidate in problem.candidates}
    panel = [str(member.uuid) for member in members if str(member.uuid) in known]
    for group in bullets_of(problem, panel, words):
        if group.is_main:
            head = [group.label, _("Panel"), _("Asked"), _("Pool")]
            lines = [
                [row.label, row.count, range_words({"min": row.low, "max": row.high}), row.pool]
                for row in group.rows
            ]
            blocks.append(rows(head, lines))
    if len(panel) < len(members):
        blocks.append(paragraph(_("Who joined after the computing is not counted in these tables.")))
    return blocks


def _people(items: list[DecisionItem]) -> list[Block]:
    blocks: list[Block] = []
    for outcome in (Outcome.MEMBER, Outcome.ALTERNATE):
        found = [item for item in items if item.outcome == outcome]
        if outcome == Outcome.MEMBER:
            found.sort(key=lambda item: item.nomination.name)
        if found:
            said = [
                f"{item.nomination.name} ({item.nomination.country.name}; {_points(item.nomination.merit)})"
                for item in found
            ]
            title = _("Members") if outcome == Outcome.MEMBER else _("Alternates, in their order")
            blocks += [heading(title), numbered(said)]
    counts = [
        (Outcome(outcome).label, sum(item.outcome == outcome for item in items))
        for outcome in (Outcome.REGIONAL, Outcome.NONE)
    ]
    return [*blocks, heading(_("All others")), facts(counts)]


def _points(value: Any) -> str:
    return "–" if value is None else number_format(Decimal(value), 2)
