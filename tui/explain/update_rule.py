"""The optimizer's rule for one entry of θ, in symbols and in numbers that can be computed again."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from nncore.trace import Trace
from tui.render.numbers import bracketed, num


class UpdateOfEntry(NamedTuple):
    """An update in symbols, and what makes the new value of one entry, up to the equals sign.

    given: the numbers that `terms` do not hold but `formula` names, after a comma, or "".
    """

    formula: str
    given: str
    terms: str


def update_rule(trace: Trace, symbol: str, at: int, computed: Callable[[float], str] = bracketed) -> UpdateOfEntry:
    """The rule for a vector called `symbol`, and what it makes of entry `at`; `computed` writes what the step made."""
    if _still(trace, at):
        return UpdateOfEntry(f"{symbol} ← {symbol}: its layer is frozen", "", num(trace.theta[at]))
    optimizer = trace.settings.optimizer
    rule = optimizer.rule(trace.count)
    remembered = dict(zip(rule.state, trace.memory_before[:, at], strict=True))
    made = {name: values[at] for name, values in optimizer.intermediate(trace.memory, trace.count).items()}
    numbers = {name: bracketed(value) for name, value in remembered.items()}
    numbers |= {name: computed(value) for name, value in ({"g": trace.gradient[at]} | made).items()}
    terms = rule.terms.format_map({"θ": num(trace.theta[at]), "α": num(trace.learning_rate), **numbers})
    known = {"g": num(trace.gradient[at]) if computed is bracketed else computed(trace.gradient[at])}
    known |= {name: num(value) for name, value in remembered.items()}
    given = "".join(f", {name} = {number}" for name, number in known.items() if f"{{{name}}}" not in rule.terms)
    update, *remembering = rule.formula.split(", ")
    parts = [update, f"α = {num(trace.learning_rate)}", *remembering, "g = ∂L/∂θ"]
    formula = ", ".join(parts).replace("θ", symbol)
    return UpdateOfEntry(formula, given, terms)


def _still(trace: Trace, at: int) -> bool:
    """Whether an entry stands still although its optimizer remembers gradients."""
    return bool(trace.settings.frozen) and trace.change[at] == 0 and trace.gradient[at] == 0
