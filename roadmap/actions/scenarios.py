"""Scenarios: made, described, and decided line by line, by people; the portal proposes."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.punctuation import listed
from core.six_languages import Words, check_length, set_words, words_of
from core.verdicts import Conflict, require
from drafts.models import Guidelines
from roadmap.actions.accounting import check_amount, check_day, lock_budget, said, text_of
from roadmap.actions.cost_lines import MOST_OF
from roadmap.funding_rules import may_manage_funding
from roadmap.ledger import CENT, NOTHING
from roadmap.models import CostLine, FundingScenario, ScenarioChoice
from roadmap.scenario_queries import proposal_for
from roadmap.scenarios import Proposed, same_as_proposed

LONGEST_TITLE, LONGEST_DESCRIPTION = 200, 4000
Fate = ScenarioChoice.Fate


def create_scenario(
    *,
    actor: Any,
    guidelines: Guidelines,
    titles: Words,
    descriptions: Words | None = None,
    public: bool = False,
    uuid: UUID | None = None,
) -> FundingScenario:
    """A scenario that keeps every line, until something is decided. ``uuid`` makes it one, sent twice. ``Refusal``
    unless staff; ``ValidationError`` by field."""
    require(may_manage_funding(actor))
    uuid = uuid or uuid4()
    with transaction.atomic():
        lock_budget(guidelines)
        standing = FundingScenario.objects.filter(uuid=uuid, guidelines=guidelines).first()
        if standing is not None:
            return standing
        last = FundingScenario.objects.filter(guidelines=guidelines).aggregate(last=Max("position"))["last"]
        scenario = FundingScenario(
            uuid=uuid, guidelines=guidelines, position=(last or 0) + 1, public=public, created_by=actor
        )
        scenario.created_at = timezone.now()
        _set_words(scenario, titles, descriptions or {})
        scenario.save()
        audit.record("funding.add_scenario", scenario, actor=actor, changes={"public": public})
    return scenario


def change_scenario(
    *,
    actor: Any,
    scenario: FundingScenario,
    version: int | None = None,
    titles: Words | None = None,
    descriptions: Words | None = None,
    public: bool | None = None,
) -> FundingScenario:
    """Change its words or whether it is public; what isn't named stays. ``Refusal``, ``Conflict``,
    ``ValidationError`` as for lines."""
    require(may_manage_funding(actor))
    with transaction.atomic():
        scenario = _locked(scenario, version)
        before = _state(scenario)
        _set_words(scenario, titles or {}, descriptions or {})
        scenario.public = scenario.public if public is None else public
        if _state(scenario) != before:
            scenario.version += 1
            scenario.save()
            audit.record(
                "funding.change_scenario", scenario, actor=actor, changes={"public": scenario.public}
            )
    return scenario


def decide_line(
    *,
    actor: Any,
    scenario: FundingScenario,
    line: CostLine,
    fate: str,
    quantity: Decimal | None = None,
    unit_cost: Decimal | None = None,
    reason: str = "",
    on: date,
    version: int | None = None,
) -> ScenarioChoice:
    """A person's word on a line: ``kept``, ``falls``, or ``changed`` to so many (at the line's own price where
    ``unit_cost`` isn't given).

    What could be paid as of ``on`` is kept beside it; against that, only with a reason. ``Refusal`` unless staff;
    ``Conflict`` where somebody changed the scenario since ``version``; ``ValidationError`` by field.
    """
    require(may_manage_funding(actor))
    if fate not in Fate.values:
        raise ValidationError({"fate": _("Choose one of: %(choices)s.") % {"choices": listed(Fate.values)}})
    check_day(on)
    with transaction.atomic():
        scenario = _locked(scenario, version)
        if line.guidelines_id != scenario.guidelines_id or line.dropped:
            raise ValidationError({"line": _("Choose a line of these guidelines.")})
        proposed = proposal_for(scenario.guidelines, on).lines.get(line.pk)
        if fate == Fate.CHANGED:
            quantity, unit_cost = _changed(line, quantity, unit_cost)
        else:
            quantity = unit_cost = None
        needed = (
            ""
            if same_as_proposed(proposed, fate, quantity, unit_cost)
            else _("Say why it isn’t as proposed.")
        )
        why = said("reason", reason, needed=needed)
        return _decided(scenario, line, fate, quantity, unit_cost, why, proposed, on, actor)


def adopt_proposal(
    *, actor: Any, scenario: FundingScenario, on: date, version: int | None = None, overruled: bool = False
) -> FundingScenario:
    """Decide every line as proposed as of ``on``. What a person decided otherwise, with a reason, stays, unless
    ``overruled``. ``Refusal`` unless staff; ``Conflict``; ``ValidationError``."""
    require(may_manage_funding(actor))
    check_day(on)
    with transaction.atomic():
        scenario = _locked(scenario, version)
        proposal = proposal_for(scenario.guidelines, on)
        own = set(scenario.choices.exclude(reason="").values_list("line", flat=True))
        for each in proposal.lines.values():
            if overruled or each.line.pk not in own:
                price = each.line.unit_cost if each.fate == Fate.CHANGED else None
                _decided(
                    scenario, each.line, each.fate, each.quantity, price, "", each, on, actor, alone=False
                )
        _count(scenario)
        audit.record("funding.adopt_proposal", scenario, actor=actor, changes={"on": str(on)})
    return scenario


def _decided(
    scenario: FundingScenario,
    line: CostLine,
    fate: str,
    quantity: Decimal | None,
    unit_cost: Decimal | None,
    reason: str,
    proposed: Proposed | None,
    on: date,
    actor: Any,
    *,
    alone: bool = True,
) -> ScenarioChoice:
    told = {
        "fate": fate,
        "quantity": quantity,
        "unit_cost": unit_cost,
        "reason": reason,
        "proposed": proposed.fate if proposed else "",
        "proposed_quantity": proposed.quantity if proposed else None,
        "proposed_left": proposed.left + proposed.own if proposed else None,
        "proposed_on": on if proposed else None,
        "decided_by": actor,
        "decided_at": timezone.now(),
    }
    choice, _made = ScenarioChoice.objects.update_or_create(scenario=scenario, line=line, defaults=told)
    if alone:
        _count(scenario)
        changes = {"line": line.pk, "fate": fate, "quantity": text_of(quantity), "proposed": told["proposed"]}
        audit.record("funding.decide_line", scenario, actor=actor, changes=changes)
    return choice


def _changed(line: CostLine, quantity: Decimal | None, unit_cost: Decimal | None) -> tuple[Decimal, Decimal]:
    if (
        quantity is None
        or not quantity.is_finite()
        or quantity != quantity.quantize(CENT)
        or not NOTHING < quantity < MOST_OF
    ):
        raise ValidationError({"quantity": _("Give a number above nothing, with two decimals at most.")})
    price = line.unit_cost if unit_cost is None else check_amount("unit_cost", unit_cost, least=NOTHING)
    return quantity, price


def _count(scenario: FundingScenario) -> None:
    scenario.version += 1
    scenario.save(update_fields=["version"])


def _locked(scenario: FundingScenario, version: int | None) -> FundingScenario:
    lock_budget(scenario.guidelines)
    scenario = FundingScenario.objects.select_related("guidelines").get(pk=scenario.pk)
    if version is not None and scenario.version != version:
        raise Conflict(_("This has changed since you opened it."), current={"version": scenario.version})
    return scenario


def _state(scenario: FundingScenario) -> tuple[Any, ...]:
    return words_of(scenario, "title"), words_of(scenario, "description"), scenario.public


def _set_words(scenario: FundingScenario, titles: Words, descriptions: Words) -> None:
    set_words(scenario, "title", titles)
    set_words(scenario, "description", descriptions)
    errors = {}
    if not words_of(scenario, "title"):
        errors["title"] = _("Give the scenario a name.")
    for field, limit in (("title", LONGEST_TITLE), ("description", LONGEST_DESCRIPTION)):
        try:
            check_length(words_of(scenario, field), limit)
        except ValidationError as error:
            errors[field] = str(error.message)
    if errors:
        raise ValidationError(errors)
