"""The lanes of the run: copied, closed, renamed, compared, brought back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tui.dialogs.field import Field
from tui.session.actions import Branch, Close, NewSeed, Rename, Reopen, checked_label, do, undo
from tui.session.session import MAX_LANES
from tui.simulator.keeping import Keeping

NARROW = 16  # characters of a label that a column of the table has room for on a small screen


class Lanes(Keeping):
    """Changes of which lanes there are."""

    @property
    def _label(self) -> str:
        """The name of the lane in front."""
        return self.session.tracks[self.front].lane.label

    def _changed(self, note: str) -> None:
        """After a change of the lanes that undo takes back: say so, and show them as they are now."""
        self.notify(f"{note}   (u undoes it)", timeout=3)
        self.bring_to_front(self.front)

    def action_undo(self) -> None:
        self._with_the_past(self._undo, wanted=not self.session.undoable)

    def _with_the_past(self, then: Callable[[], None], wanted: bool) -> None:
        """Do something, if `wanted` once it is known what was done in this run before it was opened from a file."""
        self.pause()
        if wanted and not self.session.recalled:
            from tui.lesson.recording import recall

            self.run_errand(recall(self.session), then)
        else:
            then()

    def _undo(self) -> None:
        note = undo(self.session)
        if not note and self._former:
            self._begin(self._former.pop())
            note = "the scenario is as it was before"
        self.notify(f"undone: {note}" if note else "nothing to undo", timeout=3)
        self.bring_to_front(self.front)

    def action_new_seed(self) -> None:
        self.pause()
        do(self.session, NewSeed())
        self.notify(f"seed {self.session.seed}; u brings the other run back", timeout=3)
        self.bring_to_front(self.front)

    def action_lanes(self) -> None:
        self._with_the_past(self._ask_lanes, wanted=any(isinstance(action, Close) for action in self.session.journal))

    def _ask_lanes(self) -> None:
        answers = {"r": "rename it", "c": "close it"}
        for number, track in enumerate(self.session.tracks):
            if number != self.front:
                answers[str(number + 1)] = f"what differs between it and {track.lane.label}, and what came of it"
        back = dict(zip("bdef", reversed(range(len(self.session.closed))), strict=False))
        answers |= {key: f"bring {self.session.closed[number].lane.label} back" for key, number in back.items()}

        def act(answer: str) -> None:
            if answer == "r":
                self._rename()
            elif answer == "c":
                self._close()
            elif answer in back:
                self._reopen_lane(back[answer])
            else:
                self._compare(int(answer) - 1)

        self.ask_key(f"Lane {self.front + 1}: {self._label}", answers, act)

    def _reopen_lane(self, number: int) -> None:
        if len(self.session.tracks) >= MAX_LANES:
            self._close_one_for(lambda: self._reopen_lane(number))
            return
        do(self.session, Reopen(number))
        self.front = len(self.session.tracks) - 1
        self._changed(f"{self._label} is back")

    def _rename(self) -> None:
        def take(label: str) -> None:
            do(self.session, Rename(self.front, label))
            self._changed(f"renamed to {label}")

        self.ask_form(
            "rename the lane",
            [Field("label", self._label)],
            lambda values: checked_label(values["label"]),
            take,
        )

    def _close(self) -> None:
        label = self._label
        try:
            do(self.session, Close(self.front))
        except ValueError as error:
            self.notify(str(error), severity="error")
            return
        self._changed(f"closed {label}")

    def _close_one_for(self, then: Callable[[], None]) -> None:
        """Ask which lane is closed to make room, and go on."""
        labels = {str(n + 1): track.lane.label for n, track in enumerate(self.session.tracks)}

        def closed(answer: str) -> None:
            front = self.front
            do(self.session, Close(int(answer) - 1))
            self.front = front - (front >= int(answer))
            self._changed(f"closed {labels[answer]}")
            then()

        self.ask_key(f"There are {MAX_LANES} lanes. Which one is closed for the branch?", labels, closed)

    def _compare(self, other: int) -> None:
        from tui.explain.comparison import compare

        lanes = self.frame().lanes
        first, second = lanes[self.front], lanes[other]
        names = [lane.label if len(lane.label) <= NARROW else lane.id for lane in (first.lane, second.lane)]
        self.show_table("differences", [("", *names), *compare(first, second)])

    def _branch(
        self, label: str = "", keys: dict[str, Any] | None = None, assign: tuple[int, float] | None = None
    ) -> None:
        """Branch the lane in front, with something changed, and put the branch in front, making room for it."""
        if len(self.session.tracks) >= MAX_LANES:
            self._close_one_for(lambda: self._branch(label, keys, assign))
            return
        label = label or f"{self._label} from {self.session.cursor.step}"
        do(self.session, Branch(self.front, label, keys, assign))
        self.front = len(self.session.tracks) - 1
        self._changed(f"branch {self._label}")
