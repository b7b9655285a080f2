"""Choosing a balanced panel of best merit, with proof (see docs/panel-selection.md). Knows no database and no text.

A ``Problem`` goes in; ``solve`` gives the panel, ``analyse`` all there is to say about it.
"""

from experts.panel.alternates import (
    Alternates,
    Hindrance,
    Replacement,
    Reserve,
    Step,
    Succession,
    alternates,
    replace_together,
    reserve_list,
    succession,
)
from experts.panel.analysis import Analysis, analyse
from experts.panel.attainable import Attainable, Range, attainable
from experts.panel.balance import Balance, Comparison, Line, Position, Shift, balance, compare
from experts.panel.conflict import Conflict, conflict
from experts.panel.draw import drawn_number
from experts.panel.near_ties import NearPanel, NearTies, near_ties
from experts.panel.optimum import Solution, solve
from experts.panel.plain import plain, problem_from
from experts.panel.prices import Price, Priced, prices
from experts.panel.problem import Candidate, CandidateId, Fault, FaultCode, Problem, ProblemError, Quota
from experts.panel.relaxation import Change, Relaxation, changed, least_change, relax
from experts.panel.rules import Demand, Kind
from experts.panel.solver import SolverError, Status
from experts.panel.unattainable import Unattainable, unattainable

__all__ = [
    "Alternates",
    "Analysis",
    "Attainable",
    "Balance",
    "Candidate",
    "CandidateId",
    "Change",
    "Comparison",
    "Conflict",
    "Demand",
    "Fault",
    "FaultCode",
    "Hindrance",
    "Kind",
    "Line",
    "NearPanel",
    "NearTies",
    "Position",
    "Price",
    "Priced",
    "Problem",
    "ProblemError",
    "Quota",
    "Range",
    "Relaxation",
    "Replacement",
    "Reserve",
    "Shift",
    "Solution",
    "SolverError",
    "Status",
    "Step",
    "Succession",
    "Unattainable",
    "alternates",
    "analyse",
    "attainable",
    "balance",
    "changed",
    "compare",
    "conflict",
    "drawn_number",
    "least_change",
    "near_ties",
    "plain",
    "prices",
    "problem_from",
    "reserve_list",
    "relax",
    "replace_together",
    "solve",
    "succession",
    "unattainable",
]
