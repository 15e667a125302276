"""What a guide names: things on the screen to point at, and operations of a step."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from scenarios.errors import ScenarioError, nearest, quoted
from scenarios.file.document import Document
from scenarios.file.refusals import Path
from scenarios.file.schema import PaneName
from scenarios.guide import LINES, WITHOUT_LAYER, NamedOperation, Target
from scenarios.scenario import LanePlan, NetworkPlan

_OPERATION = re.compile(r"(?:([A-Za-z_]\w*)\.)?(batch|value|loss|gradient|a|z|delta|dW|db|update)(?: +(\d+))?")
_OF_FUNCTIONS = (*WITHOUT_LAYER, "update")
_SELECTABLE = ("W", "b", "dW", "db", "z")
_THINGS = "W, b, dW, db, a, z, delta or output, as in deep.W2[3,1]"
_FUNCTION_OPERATIONS = "batch, value, loss, gradient or update 1"
_OPERATIONS = "batch, loss, or a, z, delta, dW, db, update with a layer, as in delta 1"


@dataclass(frozen=True)
class GuideNames:
    """Reads the names in a document whose lanes are these; raises ScenarioError for what none of them has.

    A name without a lane is about the lane in front, which is the first as a scenario opens.
    """

    document: Document
    lanes: Sequence[LanePlan]

    def place(self, path: Path, text: str) -> Target:
        """What a stage points at: a pane, a line of the screen, or a thing in a pane."""
        known = (*get_args(PaneName), *LINES)
        return Target(text) if text in known else self._thing(path, text, f"a pane, {', '.join(LINES)}, or ", known)

    def selectable(self, path: Path, text: str) -> Target:
        """What can be selected or inspected: something in a pane, or anything in it where it names the pane."""
        panes = get_args(PaneName)
        if text in panes:
            return Target(text)
        target = self._thing(path, text, "a pane, or ", panes)
        if target.name not in _SELECTABLE or (target.name == "z" and len(target.index) > 1):
            raise self._refused(path, text, "a pane, an entry of W, b, dW, db, or a unit as in z1[0]")
        return target

    def operation(self, path: Path, text: str) -> NamedOperation:
        """An operation by its name."""
        found = _OPERATION.fullmatch(text.strip())
        if not found or bool(found[3]) == (found[2] in WITHOUT_LAYER):
            raise self._refused(path, text, _OPERATIONS)
        kind, layer, lane = found[2], int(found[3] or 0), self._lane(path, found[1])
        if not isinstance(lane.model, NetworkPlan):
            if kind not in _OF_FUNCTIONS or layer > 1:
                raise self._refused(path, text, f"{_FUNCTION_OPERATIONS}, as {lane.id} is a function")
        elif kind in ("value", "gradient"):
            raise self._refused(path, text, f"{_OPERATIONS}, as {lane.id} is a network")
        elif layer > lane.model.network.depth or layer < (kind not in WITHOUT_LAYER):
            raise self._refused(path, text, f"layers 1 to {lane.model.network.depth} of {lane.id}")
        return NamedOperation(kind, layer, found[1])

    def _thing(self, path: Path, text: str, others: str, known: Sequence[str]) -> Target:
        target = Target.of(text)
        if target is None:
            raise self._refused(path, text, f"{others}{_THINGS}{nearest(text, known)}")
        name, layer = target.name, target.layer
        if bool(layer) == (name == "output"):
            raise self._refused(path, text, "output without a layer" if layer else f"{name} with its layer: {name}1")
        self._refuse_missing(path, text, target)
        return target

    def _refuse_missing(self, path: Path, text: str, target: Target) -> None:
        """Refuse a thing whose layer, row, column or unit the lane has not."""
        lane, name, index = self._lane(path, target.lane), target.name, target.index
        if not isinstance(lane.model, NetworkPlan):
            raise self._refused(path, text, f"things of a network, as {lane.id} is a function")
        sizes = lane.model.network.sizes
        number = target.layer or len(sizes) - 1
        layer = target.layer or ""
        if not 1 <= number < len(sizes):
            raise self._refused(path, text, f"layers 1 to {len(sizes) - 1} of {lane.id}")
        shape = {"W": sizes[number - 1 : number + 1][::-1], "b": sizes[number : number + 1]}.get(name.removeprefix("d"))
        if shape is None:
            ways, limits = "[unit] or [sample,unit]", sizes[number : number + 1]
            fits, last = len(index) <= 2, index[-1:]
        else:
            ways, limits = "[row,column]" if len(shape) == 2 else "[unit]", shape
            fits, last = len(index) in (0, len(shape)), index
        if not fits:
            raise self._refused(path, text, f"{name}{layer} or {name}{layer}{ways}")
        if any(entry >= size for entry, size in zip(last, limits, strict=False)):
            raise self._refused(path, text, f"{ways}, counted from 0, below {' × '.join(map(str, limits))}")

    def _lane(self, path: Path, name: str | None) -> LanePlan:
        """The lane of that id, the first where none is named."""
        known = {lane.id: lane for lane in self.lanes}
        if name is None:
            return self.lanes[0]
        if name not in known:
            message = f"there is no lane {quoted(name)}; allowed: {', '.join(known)}{nearest(name, known)}"
            raise self.document.error(path, message)
        return known[name]

    def _refused(self, path: Path, text: str, allowed: str) -> ScenarioError:
        return self.document.error(path, f"found {quoted(text)}; allowed: {allowed}")
