"""A step filled in by the learner: its operations one after another, their cells typed, judged, hinted at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from nncore.mistakes.made_of import Entry
from nncore.operations import OperationKind
from nncore.parameters import parameter_symbol
from scenarios.guide import NamedOperation
from tui.explain.notation import operation_name, subscript
from tui.lesson.asked_operations import OF_PARAMETERS, is_copy, next_asked
from tui.lesson.fill_in_hints import formula, terms
from tui.lesson.judged import alone, index_in_theta, judged
from tui.lesson.sheet_layout import MOST_ASKED, MOST_SAMPLES, Scope, Sheet, first_scope, moved_scope
from tui.lesson.sheets import sheet
from tui.render.numbers import num
from tui.session.actions import Fill
from tui.session.frame import LaneFrame
from tui.session.guesses import read_number

GOES_ON = ("+", "*", "/", "^")
"""What goes on from a number that is there, as on a calculator; a minus may begin another."""
LONGEST = 200
"""How many characters can be typed for a number."""


class Found(StrEnum):
    """How a number was found."""

    RIGHT = "right at once"
    HINTED = "after a hint"
    SHOWN = "shown"


@dataclass(frozen=True)
class Cell:
    """One number.

    typed: what stands in it. mistake: what is wrong with it, in words, once it was judged. hints: how many were given.
    corrected: whether anything was wrong. found: how it was found.
    """

    typed: str = ""
    mistake: str = ""
    hints: int = 0
    corrected: bool = False
    found: Found | None = None


Cells = Mapping[tuple[int, Entry], Cell]
"""Cells by the place of their operation in the step, and their entry in it."""


Kept = tuple[Scope, Cells]
"""What is kept of a step that was left."""


@dataclass(frozen=True)
class Score:
    """How many numbers were right at once, right after a hint or a correction, and shown."""

    right: int
    hinted: int
    shown: int

    def __str__(self) -> str:
        return f"{self.right} right at once, {self.hinted} after a hint, {self.shown} shown"


@dataclass(frozen=True, eq=False)
class FillIn:
    """A lane's step while it is filled in.

    index: the operation, by its place in the step. place: the cell, by its number among those that are asked for.
    says: what came of what was typed last.
    """

    lane: LaneFrame
    scope: Scope
    index: int
    cells: Cells
    place: int = 0
    says: str = ""

    @cached_property
    def sheet(self) -> Sheet:
        return sheet(self.lane.lane.model, self.lane.trace, self.lane.operations[self.index], self.scope)

    @property
    def title(self) -> str:
        return operation_name(self.lane.operations[self.index])

    @property
    def step(self) -> int:
        """How many updates lie before it."""
        return self.lane.trace.step

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries that are asked for."""
        return tuple(self.sheet.asked.values())

    @property
    def entry(self) -> Entry:
        return self.entries[self.place]

    @property
    def cell(self) -> Cell:
        return self.cell_of(self.entry)

    def cell_of(self, entry: Entry) -> Cell:
        return self.cells.get((self.index, entry), Cell())

    @property
    def complete(self) -> bool:
        """Whether every number of the operation that is asked for is found."""
        return all(self.cell_of(entry).found for entry in self.entries)

    @property
    def ended(self) -> bool:
        """Whether nothing of the step is left to fill in."""
        return self.complete and self.next_operation() is None

    @property
    def formula(self) -> str:
        """The operation in symbols, "" until it was asked for."""
        asked = any(self.cell_of(entry).hints for entry in self.entries)
        return formula(self.lane, self.index) if asked else ""

    @property
    def terms(self) -> str:
        """The terms of the number, "" until they were asked for."""
        if self.cell.hints < 2:
            return ""
        rows = range(len(self.lane.trace.indices)) if self.scope.whole else (self.scope.row,)
        return terms(self.lane, self.index, self.entry, rows)

    def score(self, index: int | None = None) -> Score:
        """How the numbers of an operation were found; without one, those of all."""
        found = [cell.found for (place, _), cell in self.cells.items() if index in (None, place)]
        return Score(*(found.count(how) for how in Found))

    @property
    def entry_name(self) -> str:
        """The number in hand: a₁ of sample 17, unit 3."""
        kind, entry = self.lane.operations[self.index].kind, self.entry
        if not entry:
            return "L"
        if kind in OF_PARAMETERS or self.lane.is_function:
            symbol = parameter_symbol(self.lane.lane.model, index_in_theta(self.lane, self.index, entry))
            return f"subtracted from {symbol}" if kind is OperationKind.UPDATE else f"∂L/∂{symbol}"
        row, unit = entry
        letter = {OperationKind.PRE_ACTIVATION: "a", OperationKind.ACTIVATION: "z"}.get(kind, "δ")
        layer = subscript(self.lane.operations[self.index].layer)
        return f"{letter}{layer} of sample {self.lane.trace.indices[row]}, unit {unit}"

    @property
    def chooses_samples(self) -> bool:
        """Whether there are more samples than one to choose from; an update takes none."""
        updates = self.lane.operations[self.index].kind is OperationKind.UPDATE
        return not (self.lane.is_function or updates) and len(self.lane.trace.indices) > 1

    @property
    def chooses_unit(self) -> bool:
        """Whether the operation is filled in for one unit of its layer."""
        operation = self.lane.operations[self.index]
        if self.lane.is_function or operation.kind is OperationKind.LOSS:
            return False
        return self.lane.network.layers[operation.layer - 1].fan_out > MOST_ASKED

    # What a key does

    def typed(self, text: str) -> FillIn:
        """More typed into the cell, in place of what is wrong unless it goes on from that; nothing once it is found."""
        cell = self.cell
        before = "" if cell.mistake and text[:1] not in GOES_ON else cell.typed
        return self._edited((before + text)[:LONGEST])

    def erased(self) -> FillIn:
        """The last character taken away."""
        return self._edited(self.cell.typed[:-1])

    def _edited(self, text: str) -> FillIn:
        return self if self.cell.found else self._with(replace(self.cell, typed=text, mistake=""), "")

    def taken(self) -> FillIn:
        """What is typed judged; on to the next open cell where it is right."""
        cell = self.cell
        if cell.found or not cell.typed.strip():
            return self._on()
        try:
            number = read_number(cell.typed)
        except ValueError as error:
            return replace(self, says=str(error))
        judgement = judged(self.lane, self.index, self.entry, number)
        if not judgement.right:
            if not self.scope.whole and not judgement.mistakes:
                judgement = alone(self.lane, self.index, self.entry, self.scope.row, number) or judgement
            return self._with(replace(cell, mistake=judgement.says, corrected=True), judgement.says)
        found = Found.HINTED if cell.hints or cell.corrected else Found.RIGHT
        return self._with(replace(cell, found=found), judgement.says)._on()

    def moved(self, across: int, down: int) -> FillIn:
        """The next cell in a direction, once what is typed is judged; what is wrong is told first."""
        row, column = list(self.sheet.asked)[self.place]
        ahead = [
            (abs(i - row) + abs(j - column), place)
            for place, (i, j) in enumerate(self.sheet.asked)
            if (across * (j - column) > 0 and i == row) or (down * (i - row) > 0 and j == column)
        ]
        return self._left_for(min(ahead)[1] if ahead else self.place)

    def stepped(self, by: int) -> FillIn:
        """The next or the previous cell, likewise."""
        return self._left_for((self.place + by) % len(self.entries))

    def _left_for(self, place: int) -> FillIn:
        if self.cell.found or self.cell.mistake or not self.cell.typed:
            return replace(self, place=place, says="")
        after = self.taken()
        return replace(after, place=place) if after.cell_of(self.entry).found else after

    def hinted(self) -> FillIn:
        """The formula, the terms, or the number itself."""
        cell = self.cell
        if cell.found:
            return self
        if cell.hints < 2:
            return self._with(replace(cell, hints=cell.hints + 1), "")
        shown = replace(cell, hints=3, typed="", found=Found.SHOWN)
        return self._with(shown, f"{self.entry_name} = {num(self.value(self.entry))}")._on()

    def value(self, entry: Entry) -> float:
        """The exact value of an entry that is asked for; of an update, what is subtracted."""
        at = list(self.sheet.asked)[self.entries.index(entry)]
        return float(self.sheet.cells.values[at])

    def next_operation(self) -> FillIn | None:
        """The operation after this one, numbers that were just filled in left out; None where the step ends."""
        index = next_asked(self.lane, self.index + 1)
        if index is not None and is_copy(self.lane, index):
            index = next_asked(self.lane, index + 1)
        return None if index is None else FillIn(self.lane, self.scope, index, self.cells)

    def onwards(self) -> Iterator[FillIn]:
        """This operation and those after it."""
        here: FillIn | None = self
        while here is not None:
            yield here
            here = here.next_operation()

    def other_samples(self) -> FillIn:
        """One sample instead of the whole batch, or the other way round."""
        m = len(self.lane.trace.indices)
        if not self.chooses_samples or self.complete:
            return self
        if not self.scope.whole and m > MOST_SAMPLES:
            return replace(self, says=f"{m} samples are too many to fill in at once: S takes the next one")
        return self._rescoped(replace(self.scope, whole=not self.scope.whole))

    def next_sample(self) -> FillIn:
        """The next sample of the batch, where one is filled in."""
        if not self.chooses_samples or self.scope.whole or self.complete:
            return self
        return self._rescoped(replace(self.scope, row=(self.scope.row + 1) % len(self.lane.trace.indices)))

    def other_unit(self, by: int) -> FillIn:
        """The next or the previous unit of a wide layer."""
        if not self.chooses_unit or self.complete:
            return self
        layer = self.lane.network.layers[self.lane.operations[self.index].layer - 1]
        return self._rescoped(moved_scope(self.scope, layer.number, layer.fan_out, by))

    def _rescoped(self, scope: Scope) -> FillIn:
        return FillIn(self.lane, scope, self.index, self.cells)

    def _with(self, cell: Cell, says: str) -> FillIn:
        return replace(self, cells={**self.cells, (self.index, self.entry): cell}, says=says)

    def _on(self) -> FillIn:
        """To the next cell whose number is not found."""
        count = len(self.entries)
        places = [(self.place + k) % count for k in range(1, count + 1)]
        ahead = [place for place in places if not self.cell_of(self.entries[place]).found]
        return replace(self, place=ahead[0] if ahead else self.place)


def begin(lane: LaneFrame, index: int, kept: Kept | None = None, afresh: bool = False) -> FillIn | None:
    """A step to fill in from the first operation at or after a place on; None where nothing comes to fill in.

    kept: what was filled in before: operations that are complete are passed over, unless all are. afresh: whether one
    that is complete is asked for once more.
    """
    found = next_asked(lane, index)
    if found is None:
        return None
    scope, cells = kept or (first_scope(lane.lane.model, lane.trace), {})
    begun = FillIn(lane, scope, found, cells)
    if afresh and begun.complete:
        return replace(begun, cells={key: cell for key, cell in cells.items() if key[0] != found})
    begun = next((one for one in begun.onwards() if not one.complete), begun)
    return begun._on() if begun.cell.found else begun


def recalled(lane: LaneFrame, done: Iterable[Fill]) -> Kept:
    """What a journal tells of a step: how the numbers of an operation were found, though not which was found how."""
    scope, cells = first_scope(lane.lane.model, lane.trace), dict[tuple[int, Entry], Cell]()
    places = {str(NamedOperation.of(operation)): index for index, operation in enumerate(lane.operations)}
    for fill in done:
        index = places[fill.operation]
        ways = [Found.RIGHT] * fill.right + [Found.HINTED] * fill.hinted + [Found.SHOWN] * fill.shown
        entries = FillIn(lane, scope, index, {}).entries
        cells |= {(index, entry): Cell(found=way) for entry, way in zip(entries, ways, strict=False)}
    return scope, cells
