"""What a stage of the guide waits for: whether it is done, and how that is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from scenarios.guide import (
    OF_UNITS,
    CheckHolds,
    Did,
    Filled,
    LookedAt,
    NamedOperation,
    OperationReached,
    PaneOpened,
    Ran,
    StepReached,
    Target,
    Until,
)
from tui.explain.notation import subscript
from tui.keymap.own_keys import keyed
from tui.session.actions import CountStart, Fill, Look
from tui.session.cursor import Cursor
from tui.session.places import place_of
from tui.session.session import Session
from tui.session.snapshot import Action

_DONE_BY = {
    "edit": ("an edit", "{edit}"),
    "assign": ("a weight set", "{edit}"),
    "branch": ("a branch", "{branch}"),
    "close": ("a lane closed", "{lanes}"),
    "reopen": ("a lane brought back", "{lanes}"),
    "rename": ("a lane renamed", "{lanes}"),
    "new_seed": ("another start", "{new_seed}"),
    "undo": ("a change undone", "{undo}"),
}
"""What does an action of the journal, in words, and its key."""


@dataclass(frozen=True)
class Since:
    """What has happened in a session since a stage opened: where the cursor stood, and the actions done."""

    opened: Cursor
    actions: Sequence[Action]


def fulfilled(until: Until, session: Session, front: int, since: Since) -> bool | None:
    """Whether what is waited for is done; None of a check, which is measured. What was filled in before counts."""
    match until:
        case StepReached(step):
            return session.cursor.step >= step
        case OperationReached(operation):
            return _passed(operation, session, front, since.opened)
        case Did(action, key):
            return any(_is_change(done, action, key) for done in since.actions)
        case LookedAt(how, target):
            return any(_shows(done, how, target) for done in since.actions)
        case PaneOpened(pane):
            return any(isinstance(done, Look) and (done.how, done.what) == ("pane", pane) for done in since.actions)
        case Filled(operation):
            return any(isinstance(done, Fill) and _is_filled(done, operation, session) for done in session.journal)
        case Ran("seeds"):
            return any(isinstance(done, Look) and done.how == "seeds" for done in since.actions)
        case Ran(_, count):
            return len({done.seed for done in since.actions if isinstance(done, CountStart)}) >= count
    return None


def wanted(until: Until, cursor: Cursor) -> str:
    """What is waited for, and the key that does it, in words."""
    match until:
        case StepReached(step):
            ahead = step - cursor.step
            return f"step {step:,} · {keyed('{next} goes on' if ahead <= 10 else '{play} plays, {faster} faster')}"
        case OperationReached(operation):
            place = _of_lane(_SYMBOLS[operation.kind], operation.lane, operation.layer)
            return place + keyed(" · {into} goes into the step")
        case CheckHolds(check):
            return check.text + keyed(" · {play} plays")
        case Did(action, key):
            what, by = _DONE_BY[action]
            changed = f" of {key.rpartition('.')[2]}" if key else ""
            return f"{what}{changed} · {keyed(by)}"
        case LookedAt("inspected", target):
            return _thing(target) + keyed(" inspected · {enter}, arrows, {inspect}")
        case LookedAt(_, target):
            return _thing(target) + keyed(" selected · {enter}, arrows")
        case PaneOpened(pane):
            return f"the pane {pane}" + keyed(" · {panes} chooses")
        case Filled(operation):
            return _of_lane(_SYMBOLS[operation.kind], operation.lane, operation.layer) + keyed(" filled in · {fill_in}")
        case Ran("seeds"):
            return keyed("many seeds · {seeds}")
        case Ran(_, count):
            return f"{count} starts" + keyed(" · {next_start}")


def way(until: Until | None) -> str:
    """How what is waited for is done, as a hint for stages that have none of their own."""
    return keyed(_way(until))


def _way(until: Until | None) -> str:
    """The same, with the names of commands for their keys."""
    match until:
        case StepReached():
            return "{next} makes one step, {ten_on} ten; {play} plays to there, {faster} makes it faster."
        case OperationReached():
            return "{into} goes on by one operation, {end_of_phase} to the end of the phase, {out} back."
        case CheckHolds():
            return "{play} plays until it is so."
        case Did(action):
            return f"{_DONE_BY[action][1]} asks for it; enter takes what is typed."
        case LookedAt(how):
            inspects = ", {inspect} inspects" if how == "inspected" else ""
            return f"{{next_pane}} to its pane, {{enter}} goes in, the arrows choose{inspects}."
        case PaneOpened():
            return "{panes} lists the panes."
        case Filled():
            return "{fill_in} lays the numbers out; ? there gives the formula, then the terms, then the number."
        case Ran("seeds"):
            return "{seeds} runs them; esc comes back when they are done."
        case Ran():
            return "{next_start} trains the next start to its end and counts it."
    return "{predict} takes your answer."


_SYMBOLS = {
    "batch": "the batch",
    "a": "a",
    "z": "z",
    "loss": "the loss",
    "delta": "δ",
    "dW": "∂W",
    "db": "∂b",
    "update": "the update of layer ",
    "value": "the value of f",
    "gradient": "the gradient of f",
}
"""Operations as they are called on the screen, before the number of the layer."""


def _of_lane(symbol: str, lane: str | None, layer: int) -> str:
    number = "" if not layer else str(layer) if symbol.endswith(" ") else subscript(layer)
    return f"{symbol}{number}{f' of {lane}' if lane else ''}"


def _thing(target: Target) -> str:
    """What is to be selected, as it is called on the screen."""
    if target.name in OF_UNITS and target.layer and not target.index:
        return f"a unit of {target.lane}'s layer {target.layer}" if target.lane else f"a unit of layer {target.layer}"
    index = f"[{','.join(map(str, target.index))}]" if target.index else ""
    symbol = _SYMBOLS.get(target.name, target.name) + (subscript(target.layer) if target.layer else "") + index
    return f"{symbol}{f' of {target.lane}' if target.lane else ''}"


def _passed(operation: NamedOperation, session: Session, front: int, opened: Cursor) -> bool:
    """Whether the cursor stands at an operation, or has passed the first one after where the stage opened."""
    here = place_of(operation, session, front, session.cursor.traced)
    if here is None or here == session.cursor:
        return here is not None
    done = session.lockstep.operations_done
    first = place_of(operation, session, front, opened.step)
    if first is not None and done(first) <= done(opened):
        first = place_of(operation, session, front, opened.step + 1)
    return first is not None and done(session.cursor) >= done(first)


def _is_change(action: Action, name: str, key: str) -> bool:
    if type(action).__struct_config__.tag != name:
        return False
    changed: Any = getattr(action, "set", None)
    return not key or (isinstance(changed, dict) and key in set(_keys(changed)))


def _keys(table: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """The keys of a table and of those in it, with dots between."""
    for key, value in table.items():
        yield prefix + key
        if isinstance(value, dict):
            yield from _keys(value, f"{prefix}{key}.")


def _shows(action: Action, how: str, target: Target) -> bool:
    if not isinstance(action, Look) or action.how != how:
        return False
    return target.covers(Target.of(action.what) or Target(action.what))


def _is_filled(action: Fill, operation: NamedOperation, session: Session) -> bool:
    lane = session.lane_runs[action.lane].lane.id if action.lane < len(session.lane_runs) else None
    return action.operation == str(NamedOperation(operation.kind, operation.layer)) and operation.lane in (None, lane)
