"""The sheet of any operation of a step."""

from __future__ import annotations

from nncore.arrays import Array
from nncore.mistakes.made_of import Entry
from nncore.model import NetworkModel
from nncore.operations import Operation, OperationKind
from nncore.trace import Trace
from nncore.training import Model
from tui.lesson.network_sheets import NETWORK_SHEETS, optimizer_notes, single
from tui.lesson.sheet_layout import MOST_TERMS, Grid, Layout, Scope, Sheet


def sheet(model: Model, trace: Trace, operation: Operation, scope: Scope) -> Sheet:
    """The sheet of any operation but the batch; raises KeyError for that."""
    if not isinstance(model, NetworkModel):
        return _function_sheet(model, trace, operation)
    return NETWORK_SHEETS[operation.kind](Layout(model, trace, operation.layer, scope))


def _function_sheet(model: Model, trace: Trace, operation: Operation) -> Sheet:
    here = tuple(f"{name} = {value:.10g}" for name, value in model.parts(trace.theta))
    names = tuple(name for name, _ in model.parts(trace.theta))[:MOST_TERMS]
    text = f"f(θ) = {getattr(model, 'text', '')}"

    def row(title: str, vector: Array) -> Grid:
        return Grid(title, vector[None, : len(names)], ("",), names)

    each: dict[tuple[int, int], Entry] = {(0, i): (i,) for i in range(len(names))}
    match operation.kind:
        case OperationKind.VALUE | OperationKind.LOSS:
            return Sheet((), (text, *here), single("L = f(θ)", trace.loss), {(0, 0): ()})
        case OperationKind.GRADIENT:
            noise = (row("noise of this step", trace.noise),) if trace.noise.any() else ()
            return Sheet(noise, (text, *here), row("∂f/∂θ" + " + noise" * bool(noise), trace.gradient), each)
    rule = trace.settings.optimizer.rule(trace.count)
    memory = (row(f"{name} before", part) for name, part in zip(rule.state, trace.memory_before, strict=True))
    given = (row("θ", trace.theta), row("g = ∂f/∂θ", trace.gradient), *memory)
    cells = row("what is subtracted from θ", trace.change)
    return Sheet(given, optimizer_notes(trace), cells, each, row("θ after", trace.after))
