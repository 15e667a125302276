"""The picker: scenarios grouped by lesson, filtered as one types, or a file opened by its path."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.geometry import Spacing
from textual.screen import Screen
from textual.visual import Padding
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from scenarios.file.catalog import Entry, catalog
from tui.app.progress import Progress
from tui.archive.interrupted import described, interrupted
from tui.widgets.timer import after

if TYPE_CHECKING:
    from scenarios.scenario import LanePlan, Scenario
    from tui.session.snapshot import SavedRun

    Picked = Scenario | tuple[SavedRun, Path | None] | None
    """A scenario; or a saved run, with the file that kept it where it was interrupted."""


INTERRUPTED = "interrupted run"
RESTED_SECONDS = 0.15
"""How long the choice must rest before its scenario is loaded, to tell its lanes."""
_OFFER = """A run was open when the program ended without being told to.

enter takes it up: its lanes, edits, branches, breakpoints and place are as they were."""


class Picker(Screen["Picked"]):
    """Typing filters, enter opens, esc clears and then leaves; answers with what was picked, None where it was left."""

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("pagedown", "move(8)", show=False, priority=True),
        Binding("pageup", "move(-8)", show=False, priority=True),
        Binding("escape", "clear", show=False, priority=True),
    ]

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress
        self._entries = catalog()
        self._interrupted = interrupted()
        self._recent: list[str] = []
        self._filled = ""

    def compose(self) -> ComposeResult:
        yield Static(Content(" gradstep   a time-travel debugger for neural-network training"), id="title")
        yield Input(placeholder="type to filter, or the path of a scenario file (.toml)", id="filter")
        with Horizontal(id="choices"):
            yield OptionList(id="scenarios", markup=False)
            with VerticalScroll(id="preview", can_focus=False):
                yield Static(id="about")
        yield Static(Content(" ↑ ↓ choose   enter open   esc clear, leave   ctrl+q quit"), id="keys")

    def on_mount(self) -> None:
        self._recent = [path for path in self._progress.recent if os.path.isfile(path)]
        self._fill("")

    def _fill(self, text: str) -> None:
        self._filled = text
        options = self.query_one(OptionList)
        options.clear_options()
        listed: set[str] = set()
        for title, choices in self._groups(text.strip()):
            new = [(label, name) for label, name in choices if name not in listed]
            listed.update(name for _, name in new)
            if new:
                options.add_option(Option(Content.styled(title, "bold $accent"), disabled=True))
                options.add_options([Option(Padding(Content(label), Spacing(left=2)), id=name) for label, name in new])
        if listed:
            options.highlighted = 1
        else:
            what = "enter opens this file" if _is_path(text) else "no scenario has these words"
            if _is_folder(text):
                what = "nothing in this folder can be opened"
            self._about(Content.styled(what, "$muted"))

    def _groups(self, text: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """Headings with what may be chosen under them, each as (label, name)."""
        if self._interrupted is not None and not text:
            what = described(self._interrupted) or "the run that did not end by itself"
            yield "Interrupted", [(f"take up {what}", INTERRUPTED)]
        if _is_folder(text):
            yield str(_path(text)), [(file.name, str(file)) for file in _openable(_path(text))]
        yield "Recent files", [(path, path) for path in self._recent if text.lower() in path.lower()]
        words = text.lower().split()
        found = [entry for entry in self._entries if all(word in _haystack(entry) for word in words)]
        for lesson, group in groupby(found, key=lambda entry: entry.lesson):
            yield lesson, [(entry.title, entry.name) for entry in group]

    def _about(self, content: Content) -> None:
        self.query_one("#about", Static).update(content)

    @on(Input.Changed)
    def _filtered(self, event: Input.Changed) -> None:
        self._fill(event.value)

    @on(Input.Submitted)
    def _opened(self, event: Input.Submitted) -> None:
        if event.value != self._filled:  # enter came before the list followed what was typed
            self._fill(event.value)
        options = self.query_one(OptionList)
        chosen = options.get_option_at_index(options.highlighted).id if options.highlighted is not None else None
        is_file = _is_path(event.value) and not _is_folder(event.value)
        self._open(str(_path(event.value)) if is_file else chosen or "")

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_id == INTERRUPTED:
            self._about(Content(_OFFER))
            return
        entry = next((entry for entry in self._entries if entry.name == event.option_id), None)
        if entry is None:
            self._about(Content(f"enter opens {event.option_id}"))
            return
        self._about(about(entry, self._remembered(entry.name)))
        after(self, RESTED_SECONDS, lambda: self._add_lanes(entry))

    def _remembered(self, name: str) -> str:
        """The last result of a scenario, and the score of its predictions."""
        progress = self._progress
        right, of = progress.scores.get(name, (0, 0))
        score = f"   predicted {right} of {of}" if of else ""
        return f"last: {progress.results[name]}{score}" if name in progress.results else ""

    def _add_lanes(self, entry: Entry) -> None:
        """Load the highlighted scenario, to tell its lanes and their sizes."""
        from scenarios.file.loader import load

        if not self.is_current:  # it was left in the meantime
            return
        options = self.query_one(OptionList)
        if options.highlighted is not None and options.get_option_at_index(options.highlighted).id == entry.name:
            self._about(about(entry, self._remembered(entry.name), load(entry.name)))

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self._open(event.option_id or "")

    def _open(self, name: str) -> None:
        """Open a scenario or a saved run by name or path, or say in place what is wrong with it."""
        from scenarios.errors import ScenarioError
        from scenarios.file.loader import load
        from tui.archive.errors import SharingError
        from tui.archive.saved_run_file import SUFFIX, open_run

        try:
            if name == INTERRUPTED and self._interrupted is not None:
                self.dismiss((open_run(self._interrupted), self._interrupted))
            elif name.endswith(SUFFIX):
                self.dismiss((open_run(Path(name)), None))
            else:
                self.dismiss(load(name))
        except (ScenarioError, SharingError) as error:
            self._about(Content.styled(str(error), "$error"))

    def action_move(self, by: int) -> None:
        options = self.query_one(OptionList)
        for _ in range(abs(by)):
            options.action_cursor_down() if by > 0 else options.action_cursor_up()

    def action_clear(self) -> None:
        entry = self.query_one(Input)
        if entry.value:
            entry.value = ""
        else:
            self.dismiss(None)


def _is_path(text: str) -> bool:
    return "/" in text or text.strip().endswith((".toml", ".gradstep"))


def _path(text: str) -> Path:
    """The path in a text; a home that is not there is taken as it is written."""
    return Path(os.path.expanduser(text.strip()))


def _is_folder(text: str) -> bool:
    return "/" in text and os.path.isdir(_path(text))


def _openable(folder: Path) -> list[Path]:
    """The scenarios and saved runs in a folder; none where it cannot be read."""
    try:
        return sorted(file for file in folder.iterdir() if file.suffix in (".toml", ".gradstep"))
    except OSError:
        return []


def _haystack(entry: Entry) -> str:
    return " ".join((entry.name, entry.title, entry.lesson, entry.question)).lower()


def about(entry: Entry, remembered: str = "", scenario: Scenario | None = None) -> Content:
    """Question and text of a scenario, its last result, and, once it is loaded, its lanes with their sizes."""
    lanes = [Content.styled(remembered, "$success"), Content("")] if remembered else []
    if scenario is not None:
        lanes += [Content(f"  {lane.label}: {_size(lane)}") for lane in scenario.lanes]
        size = f"  {scenario.steps:,} steps, {len(scenario.claims)} claims"
        lanes += [Content.styled(size, "$muted"), Content("")]
    question = Content.styled(entry.question, "bold $accent")
    return Content("\n").join([question, Content(""), *lanes, Content(entry.text.strip())])


def _size(lane: LanePlan) -> str:
    from scenarios.scenario import NetworkPlan

    if not isinstance(lane.model, NetworkPlan):
        return f"a function of {', '.join(lane.model.names)}"
    network = lane.model.network
    return f"{'-'.join(map(str, network.sizes))}, {network.parameter_count:,} parameters"
