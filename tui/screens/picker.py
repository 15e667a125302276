"""The picker: scenarios grouped by lesson, filtered as one types, or a file opened by its path."""

from __future__ import annotations

from itertools import groupby

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from scenarios.errors import ScenarioError
from scenarios.loader import library, load
from scenarios.scenario import LanePlan, NetworkPlan, Scenario


class Picker(Screen[None]):
    """Typing filters, enter opens, esc clears and then leaves."""

    AUTO_FOCUS = "Input"
    BINDINGS = (
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("pagedown", "move(8)", show=False, priority=True),
        Binding("pageup", "move(-8)", show=False, priority=True),
        Binding("escape", "clear", show=False, priority=True),
    )

    def __init__(self) -> None:
        super().__init__()
        self._scenarios = library()

    def compose(self) -> ComposeResult:
        yield Static(Content(" gradstep   a time-travel debugger for neural-network training"), id="title")
        yield Input(placeholder="type to filter, or the path of a scenario file (.toml)", id="filter")
        with Horizontal(id="choices"):
            yield OptionList(id="scenarios", markup=False)
            with VerticalScroll(id="preview", can_focus=False):
                yield Static(id="about")
        yield Static(Content(" ↑ ↓ choose   enter open   esc clear, leave   ctrl+q quit"), id="keys")

    def on_mount(self) -> None:
        self._fill("")

    def _fill(self, text: str) -> None:
        options = self.query_one(OptionList)
        options.clear_options()
        words = text.lower().split()
        found = [scenario for scenario in self._scenarios if all(w in _haystack(scenario) for w in words)]
        for lesson, group in groupby(found, key=lambda scenario: scenario.lesson):
            options.add_option(Option(Content.styled(lesson, "bold $accent"), disabled=True))
            options.add_options([Option(Content(f"  {scenario.title}"), id=scenario.name) for scenario in group])
        if found:
            options.highlighted = 1
        else:
            what = "enter opens this file" if _is_path(text) else "no scenario has these words"
            self._about(Content.styled(what, "$muted"))

    def _about(self, content: Content) -> None:
        self.query_one("#about", Static).update(content)

    @on(Input.Changed)
    def _filtered(self, event: Input.Changed) -> None:
        self._fill(event.value)

    @on(Input.Submitted)
    def _opened(self, event: Input.Submitted) -> None:
        options = self.query_one(OptionList)
        if _is_path(event.value):
            self._open_file(event.value.strip())
        elif options.highlighted is not None:
            self._open(options.get_option_at_index(options.highlighted).id)

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        scenario = self._named(event.option_id)
        if scenario is not None:
            self._about(about(scenario))

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self._open(event.option_id)

    def _named(self, name: str | None) -> Scenario | None:
        return next((scenario for scenario in self._scenarios if scenario.name == name), None)

    def _open(self, name: str | None) -> None:
        scenario = self._named(name)
        if scenario is not None:
            self.app.open_scenario(scenario)  # type: ignore[attr-defined]

    def _open_file(self, path: str) -> None:
        try:
            self.app.open_scenario(load(path))  # type: ignore[attr-defined]
        except ScenarioError as error:
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
            self.app.leave_picker()  # type: ignore[attr-defined]


def _is_path(text: str) -> bool:
    return "/" in text or text.strip().endswith(".toml")


def _haystack(scenario: Scenario) -> str:
    return " ".join((scenario.name, scenario.title, scenario.lesson, scenario.question)).lower()


def about(scenario: Scenario) -> Content:
    """Question, lanes with their sizes, and the text of a scenario."""
    lanes = [Content(f"  {lane.label}: {_size(lane)}") for lane in scenario.lanes]
    return Content("\n").join(
        [
            Content.styled(scenario.question, "bold $accent"),
            Content(""),
            *lanes,
            Content.styled(f"  {scenario.steps:,} steps, {len(scenario.claims)} claims", "$muted"),
            Content(""),
            Content(scenario.text.strip()),
        ]
    )


def _size(lane: LanePlan) -> str:
    if not isinstance(lane.model, NetworkPlan):
        return f"a function of {', '.join(lane.model.names)}"
    network = lane.model.network
    return f"{'-'.join(map(str, network.sizes))}, {network.parameter_count:,} parameters"
