"""The same problems for COIN-OR CBC, in a process of its own: reads JSON, writes the optimal merit of each or null."""

import json
import sys
from typing import Any

import pulp


def optimum(problem: dict[str, Any]) -> int | None:
    """Merit in hundredths; None where CBC proves that there is no panel."""
    model = pulp.LpProblem("panel", pulp.LpMaximize)
    chosen = [
        pulp.LpVariable(
            f"x{number}",
            lowBound=int(person["id"] in problem["include"]),
            upBound=int(person["id"] not in problem["exclude"]),
            cat="Integer",
        )
        for number, person in enumerate(problem["candidates"])
    ]
    pairs = list(zip(chosen, problem["candidates"], strict=True))
    merits = [round(100 * person["merit"]) for _variable, person in pairs]
    model += pulp.lpSum(merit * variable for merit, variable in zip(merits, chosen, strict=True))
    model += pulp.lpSum(chosen) == problem["seats"]
    for quota in problem["quotas"]:
        of = [
            variable
            for variable, person in pairs
            if quota["value"] in person["attributes"].get(quota["attribute"], [])
        ]
        if quota["min"] is not None:
            model += pulp.lpSum(of) >= quota["min"]
        if quota["max"] is not None:
            model += pulp.lpSum(of) <= quota["max"]
    if problem["per_country"] is not None:
        for country in {person["country"] for _variable, person in pairs} - {None}:
            model += (
                pulp.lpSum(variable for variable, person in pairs if person["country"] == country)
                <= problem["per_country"]
            )
    status = model.solve(pulp.PULP_CBC_CMD(msg=False, threads=1, gapRel=0, gapAbs=0))
    if pulp.LpStatus[status] == "Infeasible":
        return None
    if pulp.LpStatus[status] != "Optimal":
        raise RuntimeError(pulp.LpStatus[status])
    found = [round(variable.value()) for variable in chosen]
    return sum(merit * value for merit, value in zip(merits, found, strict=True))


if __name__ == "__main__":
    json.dump([optimum(problem) for problem in json.load(sys.stdin)], sys.stdout)
