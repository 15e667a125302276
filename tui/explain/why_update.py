"""What made an entry of θ, and what the optimizer remembers of its gradients: the updates, from the last one back."""

from __future__ import annotations

from dataclasses import replace

from nncore.optimizers import Memory
from nncore.parameters import parameter_symbol
from nncore.slices import Slices
from nncore.trace import Trace
from tui.explain.update_rule import update_rule
from tui.explain.why_record import Record
from tui.explain.why_value import Kind, Term, Value, Why
from tui.render.numbers import bracketed, num

UPDATES = 8
"""How many updates back a memory is told in gradients; what it was before them is one more term."""

STARTING = "starting value"


def why_parameter(record: Record, value: Value) -> Slices[Why]:
    """An entry of θ from the update that made it."""
    value = record.parameter(value.entry, value.step)
    model, at, step = record.lane.model, value.entry, value.step
    if (assigned := record.assigned(at, step)) is not None:
        return Why(value, assigned, remark=f"Set by an edit after step {step}: here the way ends.")
    if not step:
        return Why(value, float(record.lane.start[at]), remark="A starting value: here the way ends.")
    trace = yield from record.trace(step - 1)
    symbol = parameter_symbol(model, at)
    rule = update_rule(trace, symbol, at)
    terms = (
        parameter_term(record, trace, at),
        Term("α", trace.learning_rate, _rate_note(trace)),
        Term("g", float(trace.gradient[at]), f"gradient in step {step}", Value(Kind.GRADIENT, step - 1, at)),
        *(_memory_term(trace, memory.symbol, number, at) for number, memory in enumerate(_memories(trace))),
    )
    remark = f"Step {step} changed it by {num(-trace.change[at])}, from {num(trace.theta[at])}."
    return Why(value, float(trace.after[at]), f"{rule.formula}{rule.given}", rule.terms, terms, remark=remark)


def parameter_term(record: Record, trace: Trace, at: int, adds: float | None = None) -> Term:
    """An entry of θ as a step found it."""
    value = record.parameter(at, trace.step)
    ends = "set by an edit" if record.assigned(at, value.step) is not None else "" if value.step else STARTING
    symbol = parameter_symbol(record.lane.model, at)
    return Term(symbol, float(trace.theta[at]), ends or value.when(), None if ends else value, adds)


def _memories(trace: Trace) -> tuple[Memory, ...]:
    return trace.settings.optimizer.memories


def _rate_note(trace: Trace) -> str:
    base, factor = trace.settings.optimizer.learning_rate, trace.settings.schedule.factor_at(trace.step)
    return "learning rate" if factor == 1 else f"learning rate, {num(base)}·{num(factor)} by the schedule"


def _memory_term(trace: Trace, symbol: str, number: int, at: int, weight: float | None = None) -> Term:
    """What the optimizer remembered before a step."""
    held = float(trace.memory_before[number, at])
    adds = None if weight is None else weight * held
    if not trace.count:
        return Term(symbol, held, "0 when the optimizer started", None, adds)
    value = Value(Kind.MEMORY, trace.step, at, symbol)
    return Term(symbol, held, value.when(), value, adds)


def why_memory(record: Record, value: Value) -> Slices[Why]:
    """What an optimizer remembers as the sum of the gradients that went into it, each with its weight by now."""
    at, trace = value.entry, (yield from record.trace(value.step - 1))
    symbols = [memory.symbol for memory in _memories(trace)]
    number = symbols.index(value.memory)
    held, formula, weight = float(trace.memory[number, at]), _remembering(trace, value.memory), 1.0
    terms: list[Term] = []
    numbers: list[str] = []
    while True:
        memory, gradient = _memories(trace)[number], float(trace.gradient[at])
        share, weight = weight * memory.take, weight * memory.keep
        power, origin = "²" * (memory.power == 2), Value(Kind.GRADIENT, trace.step, at)
        adds = share * gradient**memory.power
        terms.append(Term(f"{_weight(share)}g{power}", gradient, f"gradient {origin.when()}", origin, adds))
        numbers.append(f"{_weight(share)}{bracketed(gradient)}{power}")
        if not trace.count or not weight or len(terms) == UPDATES:
            break
        trace = yield from record.trace(trace.step - 1)
    if trace.count and weight:
        before = _memory_term(trace, value.memory, number, at, weight)
        terms.append(replace(before, name=f"{_weight(weight)}{before.name}"))
        numbers.append(f"{_weight(weight)}{bracketed(before.number)}")
    began = f"after step {trace.step}" if trace.step else "at the start"
    ends = "" if trace.count else f"Before these it was 0, {began}, where the optimizer began."
    return Why(value, held, formula, " + ".join(numbers), tuple(terms), remark=ends)


def _remembering(trace: Trace, symbol: str) -> str:
    """How a memory is made, in the words of the optimizer's rule."""
    _, *parts = trace.settings.optimizer.rule(trace.count).formula.split(", ")
    return f"{next(part for part in parts if part.startswith(f'{symbol} ←'))}, at every step"


def _weight(share: float) -> str:
    """A weight as a factor, "" for 1; all its digits where they are few."""
    if share == 1:
        return ""
    short = f"{share:.3g}"
    return f"{short if abs(float(short) - share) <= 1e-13 * abs(share) else num(share)}·"
