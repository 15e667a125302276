"""The picker: a course with what to do next, searched as one types, or a file opened by its path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from scenarios.errors import ScenarioError
from scenarios.file.catalog import Course, Lesson, library_course, read_course
from scenarios.file.course_file import is_course
from tui.app.choices import INTERRUPTED, LIBRARY, Choices
from tui.app.course_rows import Rows, standing
from tui.app.preview import about
from tui.app.progress import Progress, key_of
from tui.app.typed_path import is_folder, is_path, nothing, path_of
from tui.render.cells import longest
from tui.widgets.timer import after

if TYPE_CHECKING:
    from scenarios.scenario import Scenario
    from tui.session.snapshot import SavedRun
    from tui.simulator.reading import Reading


@dataclass(frozen=True, eq=False)
class Chosen:
    """A scenario to open; anew: from its beginning, though a place in it was kept."""

    scenario: Scenario
    anew: bool = False


@dataclass(frozen=True, eq=False)
class TakenUp:
    """A saved run to open; kept: the file that kept it where it was interrupted."""

    run: SavedRun
    kept: Path | None = None


Picked = Chosen | TakenUp | Course | None

READING_SECONDS = 0.02
"""How far apart it is looked whether samples are read."""
RESTED_SECONDS = 0.15
"""How long the choice must rest before its scenario is loaded, to tell its lanes."""
WIDE, HIGH, LOW = 120, 30, 14
"""From how many columns the preview is beside the list; from how many rows there is a frame; below, no preview."""
PREVIEW = 34
"""How many columns it has at least, beside the list."""
BESIDE_ROWS = 6
"""How many columns of the list are margins, indent and the scroll bar."""
_OFFER = """A run was open when the program ended without being told to.

enter takes it up: its lanes, edits, branches, breakpoints and place are as they were."""
_KEYS = (
    " ↑ ↓ home end choose   enter open   ctrl+n begin anew   pgdn pgup preview   esc clear, leave   ctrl+q quit",
    " ↑ ↓ home end   enter open   ctrl+n anew   pgdn pgup preview   esc leave",
    " ↑ ↓   enter open   ctrl+n anew   esc leave",
)


class Picker(Screen["Picked"]):
    """Typing searches, enter opens, esc clears and then leaves; answers with what was picked, None if it was left.

    offers: whether a run that was interrupted is offered.
    """

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move('cursor_down')", show=False, priority=True),
        Binding("up", "move('cursor_up')", show=False, priority=True),
        Binding("home", "move('first')", show=False, priority=True),
        Binding("end", "move('last')", show=False, priority=True),
        Binding("pagedown", "scroll(1)", show=False, priority=True),
        Binding("pageup", "scroll(-1)", show=False, priority=True),
        Binding("ctrl+n", "begin_anew", show=False, priority=True),
        Binding("escape", "clear", show=False, priority=True),
    ]

    def __init__(self, progress: Progress, course: Course | None = None, offers: bool = True) -> None:
        super().__init__()
        self._progress = progress
        self._course = course or library_course()
        self._choices = Choices(self._course, progress, offers)
        self._filled = ""
        self._reading: Reading[Scenario] | None = None

    def compose(self) -> ComposeResult:
        yield Static(Content(f" gradstep   {self._course.title}"), id="title")
        yield Input(placeholder="type to filter, or the path of a scenario or a course", id="filter")
        with Container(id="choices"):
            with Vertical(id="list"):
                yield Static(id="heading")
                yield OptionList(id="scenarios", markup=False)
            with VerticalScroll(id="preview", can_focus=False):
                yield Static(id="about")
        yield Static(id="keys")

    def on_resize(self, event: Resize) -> None:
        """Place list and preview, and make rows that fit."""
        width, height = event.size
        self.set_class(width >= WIDE, "wide")
        self.set_class(height >= HIGH, "high")
        self.set_class(height < LOW, "low")
        keys = longest(width, *_KEYS) if height >= LOW else _KEYS[-1]
        self.query_one("#keys", Static).update(Content(keys))
        options = self.query_one(OptionList)
        highlighted = options.highlighted
        self._fill(self._filled)
        if highlighted is not None:
            options.highlighted = highlighted

    def on_mount(self) -> None:
        if self._choices.interrupted is not None:
            after(self, RESTED_SECONDS, self._look_into_interrupted)

    def _look_into_interrupted(self) -> None:
        """Say what the interrupted run was, once the list stands."""
        line, options = self._choices.look_into_interrupted(self._room), self.query_one(OptionList)
        if line is not None and not self._filled:
            options.replace_option_prompt(INTERRUPTED, Content("  ") + line)

    @property
    def _room(self) -> int:
        """How many columns a line of the list has."""
        width = self.size.width
        return (width - PREVIEW if width >= WIDE else width) - BESIDE_ROWS

    def _fill(self, text: str) -> None:
        width, self._filled = self.size.width, text
        room = self._room
        rows = Rows(self._course.lessons, self._progress, room)
        self.query_one("#list").styles.width = rows.width + BESIDE_ROWS if width >= WIDE else width
        self.query_one("#heading", Static).update(Content(f"  {rows.heading}"))
        options = self.query_one(OptionList)
        options.clear_options()
        listed: set[str] = set()
        for group in self._choices.groups(text.strip(), rows, room):
            new = [Option(Content("  ") + label, id=name) for label, name in group.choices if name not in listed]
            listed.update(name for _, name in group.choices)
            if group.title and new:
                options.add_option(Option(group.heading, disabled=True))
            options.add_options(new)
        if listed:
            enabled = (number for number in range(options.option_count) if options.get_option_at_index(number).id)
            options.highlighted = next(enabled)
        else:
            self._about(Content.styled(nothing(text), "$muted"))

    def _about(self, content: Content) -> None:
        self.query_one("#about", Static).update(content)

    @on(Input.Changed)
    def _filtered(self, event: Input.Changed) -> None:
        if event.value != self._filled:
            self._fill(event.value)

    @on(Input.Submitted)
    def _opened(self, event: Input.Submitted) -> None:
        if event.value != self._filled:  # enter came before the list followed what was typed
            self._fill(event.value)
        is_file = is_path(event.value) and not is_folder(event.value)
        self._open(str(path_of(event.value)) if is_file else self._highlighted or "")

    @property
    def _highlighted(self) -> str | None:
        """The name of the choice under the cursor."""
        options = self.query_one(OptionList)
        return options.get_option_at_index(options.highlighted).id if options.highlighted is not None else None

    @on(OptionList.OptionHighlighted)
    def _rested(self, event: OptionList.OptionHighlighted) -> None:
        lesson = self._choices.lesson(event.option_id)
        self.query_one("#preview").scroll_home(animate=False)
        if lesson is None:
            self._about(Content(_OFFER if event.option_id == INTERRUPTED else f"enter opens {event.option_id}"))
            return
        self._tell_about(lesson)
        after(self, RESTED_SECONDS, lambda: self._add_lanes(lesson))

    def _tell_about(self, lesson: Lesson, scenario: Scenario | None = None) -> None:
        result = self._progress.results.get(key_of(lesson.name, lesson.file), "")
        self._about(about(lesson, standing(lesson, self._progress), result, scenario))

    def _add_lanes(self, lesson: Lesson) -> None:
        """Load the highlighted scenario, to tell its lanes and their sizes."""
        from scenarios.file.loader import load

        if not self.is_current or self._choices.lesson(self._highlighted) is not lesson:  # it was left in the meantime
            return
        try:
            self._tell_about(lesson, load(lesson.file))
        except ScenarioError as error:
            self._about(Content.styled(str(error), "$error"))

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self._open(event.option_id or "")

    def _open(self, name: str, anew: bool = False) -> None:
        """Open what a choice stands for, or a path, or say in place what is wrong with it."""
        from tui.archive.errors import SharingError

        try:
            what = self._what(name)
        except (ScenarioError, SharingError) as error:
            self._about(Content.styled(str(error), "$error"))
        else:
            self._read(what, anew) if isinstance(what, str) else self.dismiss(what)

    def _what(self, name: str) -> Picked | str:
        """What a choice stands for, of a scenario its file; raises ScenarioError and SharingError."""
        from tui.archive.saved_run_file import SUFFIX, open_run

        if name == INTERRUPTED and self._choices.interrupted is not None:
            return TakenUp(open_run(self._choices.interrupted), self._choices.interrupted)
        if name == LIBRARY:
            return library_course()
        if name.endswith(SUFFIX):
            return TakenUp(open_run(Path(name)))
        if is_course(Path(name)):
            return read_course(Path(name))
        lesson = self._choices.lesson(name)
        return lesson.file if lesson else name

    def _read(self, file: str, anew: bool) -> None:
        """Open a scenario: at once, or once its samples are read, where these take long."""
        from scenarios.file.loader import load
        from tui.simulator.reading import Reading

        reading = self._reading = Reading(lambda watch: load(file, watch=watch))
        self._go_on_reading(reading, reading.slices(), anew)

    def _go_on_reading(self, reading: Reading[Scenario], slices: Iterator[None], anew: bool) -> None:
        for _ in slices if reading is self._reading else ():
            if reading.long:
                self._about(Content(f"{reading.words()}   esc stops"))
                after(self, READING_SECONDS, lambda: self._go_on_reading(reading, slices, anew))
                return
        if reading is not self._reading:  # esc, or another choice
            return
        self._reading = None
        if reading.result is not None:
            self.dismiss(Chosen(reading.result, anew))
        elif isinstance(reading.error, ScenarioError):
            self._about(Content.styled(str(reading.error), "$error"))
        elif reading.error is not None:
            raise reading.error

    def action_move(self, how: str) -> None:
        getattr(self.query_one(OptionList), f"action_{how}")()

    def action_scroll(self, pages: int) -> None:
        preview = self.query_one("#preview", VerticalScroll)
        preview.scroll_page_down(animate=False) if pages > 0 else preview.scroll_page_up(animate=False)

    def action_begin_anew(self) -> None:
        if self._choices.lesson(self._highlighted):
            self._open(self._highlighted or "", anew=True)

    def action_clear(self) -> None:
        entry = self.query_one(Input)
        if self._reading is not None:
            self._reading = None
            self._about(Content("not read"))
        elif entry.value:
            entry.value = ""
        else:
            self.dismiss(None)
