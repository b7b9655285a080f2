"""A panel by sortition-algorithms' maximin lottery, timed: run by the Python of an environment that has it.

Reads a problem as JSON (``experts.panel.plain``) and writes CPU seconds and the panel's merit as its last line.
An attribute of several values becomes a feature for each of them; the country is the address.
"""

import json
import sys
import time
from typing import Any

from sortition_algorithms.core import find_random_sample
from sortition_algorithms.features import read_in_features
from sortition_algorithms.people import read_in_people
from sortition_algorithms.settings import Settings


def columns(problem: dict[str, Any]) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The rows of features and of people."""
    seats = problem["seats"]
    several = {
        name
        for person in problem["candidates"]
        for name, values in person["attributes"].items()
        if len(values) > 1
    }
    people = [
        {"id": f"p{person['id']}", "country": person["country"], "zip": "-"}
        for person in problem["candidates"]
    ]
    features = []
    for quota in problem["quotas"]:
        name, value = quota["attribute"], quota["value"]
        least, most = quota["min"] or 0, seats if quota["max"] is None else quota["max"]
        if name in several:
            bounds = {"yes": (least, most), "no": (seats - most, seats - least)}
            name, told = f"{name}_{value}", lambda values, value=value: "yes" if value in values else "no"
        else:
            bounds, told = {value: (least, most)}, lambda values: values[0]
        for row, person in zip(people, problem["candidates"], strict=True):
            row[name] = told(person["attributes"][quota["attribute"]])
        for entry, (low, high) in bounds.items():
            features.append({"feature": name, "value": entry, "min": str(low), "max": str(high)})
    return features, people


def main() -> None:
    problem = json.load(sys.stdin)
    feature_rows, people_rows = columns(problem)
    features, *_names = read_in_features(list(feature_rows[0]), feature_rows, problem["seats"])
    settings = Settings(
        id_column="id",
        columns_to_keep=[],
        check_same_address=True,
        check_same_address_columns=["country", "zip"],
    )
    people, _report = read_in_people(list(people_rows[0]), people_rows, features, settings)
    started = time.process_time()
    (panel,), _report = find_random_sample(
        features, people, problem["seats"], ["country", "zip"], selection_algorithm="maximin"
    )
    seconds = time.process_time() - started
    merits = {f"p{person['id']}": float(person["merit"]) for person in problem["candidates"]}
    print("\n" + json.dumps({"seconds": seconds, "merit": sum(merits[member] for member in panel)}))


if __name__ == "__main__":
    main()
