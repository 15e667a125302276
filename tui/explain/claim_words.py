"""A claim asked as a question, from its check: what it compares, and not how that turns out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scenarios.expressions.expression import Expression
from scenarios.expressions.tree import Quantity
from scenarios.quantities.definitions import QUANTITIES


def claim_question(check: Expression, at: int, labels: Mapping[str, str]) -> str:
    """What a check is about, as a question: "test loss of wide and deep at step 3,000?".

    labels: of the lanes, by their ids. Names stand in alphabetical order and without the check's constants, so that
    nothing tells which is the larger.
    """
    present = _subjects(check.quantities, labels)
    history = _subjects((one for condition in check.first_steps for one in condition.quantities), labels)
    subjects = [*present, *(f"when it comes to {subject}" for subject in history)] or ["the check"]
    return f"{'; '.join(subjects)} at step {at:,}?"


def _subjects(quantities: Iterable[Quantity], labels: Mapping[str, str]) -> list[str]:
    """What is measured, each with the lanes it is measured of."""
    lanes: dict[str, set[str]] = {}
    for quantity in quantities:
        name = str(Quantity(None, quantity.name, quantity.indices))
        if quantity.name in QUANTITIES:
            name = " ".join([quantity.name.replace("_", " "), *map(str, quantity.indices)])
        lanes.setdefault(name, set()).add(labels.get(quantity.lane or "", f"{quantity.lane or ''} lanes".strip()))
    return [f"{name} of {' and '.join(sorted(of))}" for name, of in sorted(lanes.items())]
