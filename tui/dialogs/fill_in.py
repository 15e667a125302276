"""The dialog in which a step is filled in, cell by cell."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Key, Paste, Resize

from tui.dialogs.dialog import Dialog
from tui.dialogs.fill_in_lines import fill_in_lines
from tui.lesson.fill_in import FillIn
from tui.render.palette import Look
from tui.widgets.picture import PictureWidget

Found = Callable[[FillIn], bool]
STARTS = "0123456789.-("
"""What a number that is typed can begin with."""


class FillInStep(Dialog[FillIn]):
    """Answers with what was filled in, also where it is left.

    found: is told each operation once it is complete, and says whether the step goes on. note: what the lesson says of
    the step.
    """

    def __init__(self, fill_in: FillIn, found: Found, look: Look, note: str = "") -> None:
        super().__init__()
        self.fill_in = fill_in
        self._found, self._look, self._note, self._ends = found, look, note, False
        self._box, self._picture = Vertical(classes="box full"), PictureWidget(id="sheet")

    def compose(self) -> ComposeResult:
        with self._box:
            yield self._picture

    def on_mount(self) -> None:
        self.call_after_refresh(self._draw)

    def on_resize(self, event: Resize) -> None:
        self.call_after_refresh(self._draw)

    def action_cancel(self) -> None:
        self.dismiss(self.fill_in)

    def on_key(self, event: Key) -> None:
        after = self._after(event)
        if after is not None:
            event.stop()
            event.prevent_default()
            self._show(after)

    def on_paste(self, event: Paste) -> None:
        event.stop()
        self._show(self.fill_in.typed(event.text.strip().partition("\n")[0]))

    def _after(self, event: Key) -> FillIn | None:
        """What a key makes of it; None for a key of somebody else."""
        fill_in, key = self.fill_in, event.key
        if fill_in.complete and key in ("enter", "tab", "right", "down"):
            return self._on()
        if fill_in.complete and self._following and event.character and event.character in STARTS:
            return self._on().typed(event.character)
        if key in _MOVES:
            return _MOVES[key](fill_in)
        if event.is_printable and event.character:
            return fill_in.typed(event.character)
        return None

    @property
    def _following(self) -> FillIn | None:
        return None if self._ends else self.fill_in.next_operation()

    def _on(self) -> FillIn:
        """The next operation; where there is none, the end of what there is."""
        following = self._following
        if following is None:
            self.dismiss(self.fill_in)
        return following or self.fill_in

    def _show(self, after: FillIn) -> None:
        completed = after.complete and not self.fill_in.complete and after.index == self.fill_in.index
        self.fill_in = after
        if completed:
            self._ends = not self._found(after)
        self._draw()

    def _draw(self) -> None:
        size = self._picture.size
        if not self.is_current or size.width < 1:
            return
        fill_in = self.fill_in
        self._box.border_title = f"step {fill_in.lane.trace.step + 1} · {fill_in.title} · {fill_in.lane.lane.label}"
        self._box.border_subtitle = self._keys(fill_in)
        self._picture.show_lines(fill_in_lines(fill_in, size.width, size.height, self._look, self._note))

    def _keys(self, fill_in: FillIn) -> str:
        """What the keys do here."""
        following = self._following
        if fill_in.complete:
            return f"enter: {following.title if following else 'done'} · esc leaves"
        samples = "B all or one · S other sample · " if fill_in.chooses_samples else ""
        return f"enter · ? hint · {samples}{'pgdn other unit · ' if fill_in.chooses_unit else ''}esc leaves"


_MOVES: dict[str, Callable[[FillIn], FillIn]] = {
    "enter": FillIn.taken,
    "tab": lambda fill_in: fill_in.stepped(1),
    "shift+tab": lambda fill_in: fill_in.stepped(-1),
    "right": lambda fill_in: fill_in.moved(1, 0),
    "left": lambda fill_in: fill_in.moved(-1, 0),
    "down": lambda fill_in: fill_in.moved(0, 1),
    "up": lambda fill_in: fill_in.moved(0, -1),
    "backspace": FillIn.erased,
    "question_mark": FillIn.hinted,
    "pagedown": lambda fill_in: fill_in.other_unit(1),
    "pageup": lambda fill_in: fill_in.other_unit(-1),
    "B": FillIn.other_samples,
    "S": FillIn.next_sample,
}
