"""The step under the cursor as an exercise on one page, and its answers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nncore.function import FunctionModel
from nncore.optimizers import Sgd
from nncore.trace import Trace
from tui.explain.update_rule import update_rule
from tui.exports.blanks import answer, answered, blanked
from tui.exports.worksheet_network import NetworkSheet
from tui.render.numbers import num
from tui.session.frame import Frame, LaneFrame

_ROUNDING = "Answers have four digits and were computed with more: the last may differ from yours by some units."


def worksheet(frame: Frame, whose: str = "") -> tuple[str, str]:
    """The exercise and the answers (Markdown) of the step of the lane in front; whose: what their titles say."""
    lane = frame.lane
    title = f"step {lane.trace.step + 1:,} of {lane.lane.label}{f', {whose}' * bool(whose)}"
    about = f"Scenario {frame.scenario.name}, seed {frame.seed}. {_ROUNDING}"
    sheet = function_sheet(lane.function, lane.trace) if lane.is_function else _network(lane)
    text = "\n".join(_numbered([about, "", *sheet])) + "\n"
    return f"# Exercise: {title}\n\n{blanked(text)}", f"# Answers: {title}\n\n{answered(text)}"


def _network(lane: LaneFrame) -> Iterator[str]:
    trace = lane.trace
    sheet = NetworkSheet(lane.network, trace)
    yield from sheet.lines()
    yield from ("", "## Update", "", _rule(trace), "")
    for name, entry, gradient in sheet.entries():
        if gradient:
            yield f"# {gradient} = {answer(trace.gradient[entry])}"
        yield f"# {name} ← {_new_value(trace, entry)}"


def function_sheet(model: FunctionModel, trace: Trace) -> Iterator[str]:
    """The lines of a step on a function."""
    point = ", ".join(f"{name} = {num(value)}" for name, value in zip(model.names, trace.theta, strict=True))
    yield from (f"f({', '.join(model.names)}) = `{model.text}` at {point}.", "", "## Value", "")
    yield f"# f({point}) = {answer(trace.loss)}"
    yield from ("", "## Gradient", "")
    for name, gradient, noise in zip(model.names, trace.gradient, trace.noise, strict=True):
        yield f"# ∂f/∂{name} = {answer(gradient - noise)}"
        if noise:
            yield f"# with this step's noise, {num(noise)}: {answer(gradient)}"
    yield from ("", "## Update", "", _rule(trace), "")
    for entry, name in enumerate(model.names):
        yield f"# {name} ← {_new_value(trace, entry)}"


def _numbered(lines: list[str]) -> Iterator[str]:
    """The lines that begin with "# " as questions with their numbers."""
    number = 0
    for line in lines:
        if line.startswith("# "):
            number += 1
            line = f"{number}. {line[2:]}"
        yield line


def _rule(trace: Trace) -> str:
    optimizer, rate = trace.settings.optimizer, num(trace.learning_rate)
    if isinstance(optimizer, Sgd) and not optimizer.momentum:
        return f"θ ← θ − α · ∂L/∂θ with the learning rate α = {rate}."
    return f"{optimizer.rule(trace.count).formula} with g = ∂L/∂θ and the learning rate α = {rate}."


def _new_value(trace: Trace, entry: int) -> str:
    """What becomes of an entry of θ."""
    optimizer, after = trace.settings.optimizer, answer(trace.after[entry] if trace.finite else np.nan)
    if isinstance(optimizer, Sgd) and not optimizer.momentum and trace.change[entry]:
        return f"{num(trace.theta[entry])} − α · {answer(trace.gradient[entry])} = {after}"
    update = update_rule(trace, "θ", entry, answer)
    return f"{update.terms.replace(' - ', ' − ')} = {after}{update.given}"
