"""Edits of a lane's settings and parameters, in place or on a branch."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from nncore.parameters import parameter_symbol
from tui.dialogs.field import Field
from tui.panes.matrices import entry_of_theta
from tui.render.heatmap import Entry
from tui.render.numbers import num
from tui.session.actions import EditSettings, SetParameter, do, in_past
from tui.session.session import MAX_LANES
from tui.simulator.lanes import Lanes

if TYPE_CHECKING:
    from tui.simulator.settings_form import Keys


class Edits(Lanes):
    """What a learner changes about the steps that follow."""

    def action_edit(self) -> None:
        selected = self._selected_parameter()
        if selected is not None:
            self._set_parameter(selected)
            return
        title = f"edit {self._label} after step {self.session.cursor.step}"
        self._edit_form(title, self._edit, Field("lanes", "this", "this, or all", words=("this", "all")))

    def action_branch(self) -> None:
        if len(self.session.tracks) >= MAX_LANES:
            self._close_one_for(self.action_branch)
            return
        title = f"branch of {self._label} after step {self.session.cursor.step}: change one thing"
        self._edit_form(title, lambda _numbers, keys, words: self._edit_branch(keys, words))

    def _edit_form(self, title: str, then: Callable[[list[int], Keys, str], None], *more: Field) -> None:
        """Ask for other settings; `then` gets the lanes they are for, the keys that change, and the change in words."""
        from tui.simulator.settings_form import edit_fields, read_edit

        self.pause()
        number, step = self.front, self.session.cursor.step

        def accept(values: dict[str, str]) -> tuple[list[int], Keys, str]:
            which = values.pop("lanes", "this")
            if which not in ("this", "all"):
                raise ValueError(f"lanes: found {which!r}; allowed: this, all")
            others = range(len(self.session.tracks)) if which == "all" else ()
            keys, words = read_edit(self.session, [number, *others], values)
            return sorted({number, *others}), keys, words

        fields = [*edit_fields(self.session.tracks[number], step), *more]
        self.ask_form(title, fields, accept, lambda answer: then(*answer))

    def _edit(self, numbers: list[int], keys: Keys, words: str) -> None:
        if not words:
            self.notify("nothing was changed", timeout=3)
            return
        note = f"{words} after step {self.session.cursor.step}"

        def cut() -> None:
            do(self.session, EditSettings(tuple(numbers), keys, note))
            self._changed(note)

        self._cut_or_branch(numbers, cut, lambda: self._edit_branch(keys, words))

    def _edit_branch(self, keys: Keys, words: str) -> None:
        label = f"{self._label}, {words}" if words else ""
        self._branch(label, keys)

    def _cut_or_branch(self, numbers: list[int], cut: Callable[[], None], branch: Callable[[], None]) -> None:
        """Ask, where the lanes were trained beyond the cursor, what becomes of their future."""
        if not in_past(self.session, numbers):
            cut()
            return
        answers = {"c": "cut the future: train on from here (undo brings it back)"}
        if len(numbers) == 1 and len(self.session.tracks) < MAX_LANES:
            answers = {"b": "branch: keep this lane, change a copy of it"} | answers
        question = f"This lane was trained beyond step {self.session.cursor.step}."
        self.ask_key(question, answers, lambda answer: cut() if answer == "c" else branch())

    def _selected_parameter(self) -> int | None:
        """The entry of θ selected in an entered heat map."""
        widget = self.focused_widget
        if not self.inside or widget is None or widget.view is None or widget.pane.kind != "weights":
            return None
        return entry_of_theta(widget.view.lane, widget.selection) if isinstance(widget.selection, Entry) else None

    def _set_parameter(self, index: int) -> None:
        self.pause()
        number, step = self.front, self.session.cursor.step
        track = self.session.tracks[number]
        name = parameter_symbol(track.lane.model, index)
        now = float(track.timeline.state_at(step).theta[index])

        def accept(values: dict[str, str]) -> float:
            value = float(values["value"])
            if abs(value) > 1e100 or value != value:
                raise ValueError("allowed: a finite number")
            return value

        def take(value: float) -> None:
            note = f"{name} = {num(value)} after step {step}"

            def cut() -> None:
                do(self.session, SetParameter(number, index, value, note))
                self._changed(note)

            self._cut_or_branch([number], cut, lambda: self._branch(assign=(index, value)))

        title = f"{track.lane.label}: {name} after step {step}"
        self.ask_form(title, [Field("value", repr(now))], accept, take)
