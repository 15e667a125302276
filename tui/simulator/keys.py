"""What each key does: a plain move at once, a longer one as an errand, and what asks for something as a task."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.command import Provider
from textual.events import Key

from scenarios.guide import Target
from tui.keymap.own_keys import keys_of, moved_from
from tui.keymap.table import SIMULATOR
from tui.session.cursor import Cursor, Lockstep
from tui.session.session import Session
from tui.simulator.arrangement import AT_A_DESK, Arrangement
from tui.simulator.host import Host
from tui.simulator.screen import SimulatorScreen
from tui.simulator.task import Task
from tui.simulator.tasks import (
    change,
    difference,
    export,
    fill_in,
    guide,
    inspect,
    lesson,
    look,
    places,
    quiz,
    scenario,
    seek,
    tally,
    watch,
)
from tui.simulator.tasks.scenario import FileWatch
from tui.widgets.bindings import bindings
from tui.widgets.pane_widget import PaneWidget

WATCH_SECONDS = 1.0
"""How often the scenario's file is looked at."""


def _key_commands() -> type[Provider]:
    from tui.simulator.command_palette import KeyCommands

    return KeyCommands


class Simulator(SimulatorScreen):
    """Short moves are made at once, long ones are errands; what asks for something is a coroutine of `actions`."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(SIMULATOR)]
    TITLE = "gradstep"
    COMMANDS: ClassVar[set[Callable[[], type[Provider]]]] = {_key_commands}  # type: ignore[assignment]

    def __init__(self, session: Session, host: Host, arrangement: Arrangement = AT_A_DESK) -> None:
        super().__init__(session, host, arrangement)
        self.file_watch = FileWatch(self)

    def on_mount(self) -> None:
        self.set_interval(WATCH_SECONDS, self.file_watch.look)

    def on_key(self, event: Key) -> None:
        """A key that did something until its user moved that to another key says where it is now."""
        command = moved_from({event.key, event.character})
        if command is not None:
            self.say(f"set in config.toml: {keys_of(command)[0]} is the key for: {command.help}")

    def select(self, target: Target) -> None:
        """Select an entry or a unit in the pane that draws it."""
        seek.select(self, *seek.place_in_pane(self.session, self.panes.front, target))

    # Step

    def action_next(self) -> None:
        hit = self.session.hit
        self.move(Lockstep.next_step)
        if self.session.hit is not hit:
            self.tell_hit()

    def action_previous(self) -> None:
        self.move(Lockstep.previous_step)

    def action_into(self) -> None:
        self.move(Lockstep.into)

    def action_end_of_phase(self) -> None:
        self.move(Lockstep.end_of_phase)

    def action_out(self) -> None:
        self.move(Lockstep.out)

    def action_arrow(self, across: int, down: int) -> None:
        """An arrow moves the selection of the pane that was entered, else the cursor."""
        if self.panes.inside and self.panes.focused_widget:
            self.panes.focused_widget.select(across, down)
            self.moved()
            return
        moves = {(1, 0): self.action_next, (-1, 0): self.action_previous, (0, 1): self.action_into}
        moves.get((across, down), self.action_out)()

    def action_ten_on(self) -> None:
        self.advance_to(self.session.cursor.step + 10)

    def action_ten_back(self) -> None:
        self.advance_to(self.session.cursor.step - 10)

    def action_scrub(self, direction: int) -> None:
        """Along the timeline by a fiftieth of it, in an entered chart along its x axis."""
        if chart := self.panes.entered_chart:
            chart.look_at(direction, 0)
            self.refresh_view()
            return
        session = self.session
        stride = max(1, max(session.reached, session.scenario.steps) // 50)
        self.advance_to(session.cursor.step + direction * stride)

    def action_home(self) -> None:
        self.advance_to(0)

    action_restart = action_home

    def action_end(self) -> None:
        self.advance_to(self.session.reached)

    def action_go_to(self) -> None:
        self.start(seek.go_to(self))

    def action_places(self) -> None:
        self.start(places.places(self))

    # Play

    def action_play(self) -> None:
        if not self.session.allows(Cursor(self.session.cursor.step + 1)):
            self.say(self.guide.held_move)
        else:
            self.playback.toggle(1)

    def action_play_back(self) -> None:
        self.playback.toggle(-1)

    def action_faster(self) -> None:
        self._faster(1)

    def action_slower(self) -> None:
        self._faster(-1)

    def _faster(self, by: int) -> None:
        """Play faster or slower; in an entered chart look at its x axis closer or from farther."""
        if chart := self.panes.entered_chart:
            chart.look_at(0, by)
        else:
            self.playback.faster(by)
        self.refresh_view()

    # Look

    def action_next_pane(self) -> None:
        self.panes.cycle(1, len(self.session.lane_runs))
        self.place_panes()

    def action_previous_pane(self) -> None:
        self.panes.cycle(-1, len(self.session.lane_runs))
        self.place_panes()

    def action_zoom(self) -> None:
        self.panes.zoomed = not self.panes.zoomed
        self.place_panes()

    def action_enter(self) -> None:
        step = self.panes.goes_to
        if step is not None:
            self.advance_to(step)
            return
        self.panes.enter()
        self.said.no_more()  # the line of keys says what they do in the pane
        self.place_panes()

    def action_next_wrong(self) -> None:
        seek.next_wrong(self)

    def action_leave(self) -> None:
        """Out of one thing at a time: what is under way, the pane, the zoom; messages go at once."""
        self.said.no_more()
        if self.playback.errand is not None:
            self.stop_errand()
        else:
            self.panes.leave()
        self.place_panes()

    def action_front(self, lane: int) -> None:
        if lane < len(self.session.lane_runs):
            self.bring_to_front(lane)

    def action_log(self) -> None:
        self.options = self.options.toggled_log()
        self.refresh_view()

    def action_whole(self) -> None:
        if chart := self.panes.entered_chart:
            chart.window = None
            self.refresh_view()

    def action_axis(self) -> None:
        self.options = self.options.next_axis()
        self.refresh_view()

    def action_only_wrong(self) -> None:
        self.options = replace(self.options, only_wrong=not self.options.only_wrong)
        self.say("maps of classes show the samples answered wrongly" if self.options.only_wrong else "all samples")
        self.refresh_view()

    def action_halves(self) -> None:
        self.options = replace(self.options, halves=not self.options.halves)
        self.refresh_view()

    def show_stage(self) -> None:
        guide.show_stage(self)

    def action_turn(self, direction: int) -> None:
        """To the next or the previous stage of the guide; without it the lesson scrolls."""
        if self.guide.on:
            self.start(guide.forward(self) if direction > 0 else guide.back(self))
        else:
            self._scroll_pages(direction)

    def action_background(self) -> None:
        self.begin(look.background(self))

    def action_guide(self) -> None:
        self.start(guide.switch(self))

    def action_guide_everywhere(self) -> None:
        self.start(guide.switch_everywhere(self))

    def _scroll_pages(self, pages: int) -> None:
        lesson = self.panes.lesson
        if lesson is not None:
            self._scroll(lesson, pages * max(1, lesson.size.height - 2))

    def _scroll(self, widget: PaneWidget, lines: int) -> None:
        widget.scroll_by(lines)
        self.refresh_view()

    def action_panes(self) -> None:
        self.begin(look.choose_panes(self))

    @on(PaneWidget.Clicked)
    def _clicked(self, event: PaneWidget.Clicked) -> None:
        self.panes.focus_on(event.widget.pane_id)
        if event.selection is not None:
            self.panes.choose_in(event.widget, event.selection)
        self.place_panes()

    @on(PaneWidget.Scrolled)
    def _scrolled(self, event: PaneWidget.Scrolled) -> None:
        self._scroll(event.widget, event.lines)

    # Change

    def action_edit(self) -> None:
        self._start_unasked(change.edit(self))

    def action_branch(self) -> None:
        self._start_unasked(change.branch(self))

    def action_lanes(self) -> None:
        self.start(change.lanes(self))

    def action_undo(self) -> None:
        self.start(change.take_back(self))

    def action_new_seed(self) -> None:
        self._start_unasked(change.new_seed(self))

    def action_rework(self) -> None:
        self._start_unasked(scenario.rework(self))

    def _start_unasked(self, task: Task) -> None:
        """Begin what would go beyond an open question, or change what it is about, once that is answered."""
        if self.guide.held:
            task.close()
            self.say(self.guide.held)
        else:
            self.start(task)

    # Debug

    def action_breakpoints(self) -> None:
        self.start(seek.breakpoints(self))

    def action_watch(self) -> None:
        self.start(watch.watch(self))

    def action_run_on(self) -> None:
        self.begin(seek.run_on(self))

    def action_run_back(self) -> None:
        self.begin(seek.run_back(self))

    def action_difference(self) -> None:
        self.start(difference.difference(self))

    def action_inspect(self) -> None:
        self.start(inspect.inspect(self))

    def action_why(self) -> None:
        # loaded when it is asked for, as a launch needs no way backwards
        from tui.simulator.tasks.why import why

        self.start(why(self))

    def action_blame(self) -> None:
        from tui.simulator.tasks.blame import blame

        self.start(blame(self))

    def action_autopsy(self) -> None:
        self.start(inspect.autopsy(self))

    # Run

    def action_predict(self) -> None:
        self.start(guide.answer(self) if self.guide.asking else lesson.predict(self))

    def action_fill_in(self) -> None:
        self._start_unasked(fill_in.fill_in(self, fill_in.wanted(self.guide)))

    def action_quiz(self) -> None:
        self.start(quiz.take(self))

    def action_next_start(self) -> None:
        self._start_unasked(tally.next_start(self))

    def action_seeds(self) -> None:
        self._start_unasked(scenario.seeds(self))

    def action_export(self) -> None:
        self.start(export.export(self))

    def action_help(self) -> None:
        self.begin(look.help(self))
