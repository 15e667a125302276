"""A learner's own material: a scenario changed in a form, many seeds of it, and a file that is read again."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from scenarios.file.csv_samples import Watch
from scenarios.guide import Target
from scenarios.scenario import Scenario
from tui.keymap.own_keys import keyed
from tui.session.places import still_own
from tui.session.session import Session
from tui.simulator.reading import Reading
from tui.simulator.screen import SimulatorScreen
from tui.simulator.task import ask, run

MOST_FORMER = 4
"""How many runs of the scenario as it was are kept for undo."""


async def seeds(screen: SimulatorScreen) -> None:
    """Many seeds: a fan of loss curves, and the share for which each claim held; then for values of a key."""
    from tui.dialogs.form import Form
    from tui.dialogs.seeds import Seeds, Vary
    from tui.simulator.vary_form import MOST, varied, vary_fields

    scenario, vary = screen.session.scenario, None
    fields = vary_fields(scenario, min(screen.panes.front, len(scenario.lanes) - 1))
    while True:
        fan = Seeds(scenario, screen.options, screen.look, vary)
        end = await ask(fan)
        if fan.trained:
            screen.guide.sees("seeds", Target("seeds"))
            screen.moved()
        if end != "vary":
            return
        note = f"The seeds run once for each value, 2 to {MOST}: listed (0.01, 0.03), or a range as 0.001..0.1:5:log."
        chosen: Vary | None = await ask(Form("vary a key", fields, lambda values: varied(scenario, values), note))
        if chosen is None:
            return
        vary = chosen


async def rework(screen: SimulatorScreen) -> None:
    """Change keys of the scenario and start it anew; the file stays as it is."""
    from tui.dialogs.form import Form
    from tui.simulator.scenario_form import reads_long, rework_fields, reworked

    scenario = screen.session.scenario
    fields = rework_fields(scenario, min(screen.panes.front, len(scenario.lanes) - 1))
    note = keyed(
        "A copy of this scenario starts from step 0 ({undo} brings this run back); {export} and l write it to a file."
    )

    def accept(values: dict[str, str]) -> Scenario | dict[str, str]:
        return values if reads_long(scenario, values) else reworked(scenario, fields, values)

    shown, title, changed = fields, f"change {scenario.name}", None
    while changed is None:
        chosen = await ask(Form(title, shown, accept, note))
        if chosen is None:
            return
        if isinstance(chosen, Scenario):
            changed = chosen
        else:
            reading = Reading(partial(reworked, scenario, fields, chosen))
            await run(reading.slices(), reading.words)
            if reading.error is not None and not isinstance(reading.error, ValueError):
                raise reading.error
            changed, note = reading.result, str(reading.error)
            shown = [replace(field, value=chosen[field.name]) for field in fields]
    _start_anew(screen, changed)


def _start_anew(screen: SimulatorScreen, scenario: Scenario) -> None:
    """Start a changed scenario."""
    put_in_place(screen, Session.begin(scenario))


def put_in_place(screen: SimulatorScreen, session: Session) -> None:
    """Show the run of a changed scenario; undo brings the run of the one before back."""
    screen.playback.pause()
    screen.former = [*screen.former, (screen.session, screen.quiz)][-MOST_FORMER:]
    screen.show_session(session)
    screen.bring_to_front(screen.panes.front)


class FileWatch:
    """Reads the scenario's file again when it says something else, keeping the view.

    While a dialog is open or the run goes on that waits.
    """

    def __init__(self, screen: SimulatorScreen) -> None:
        self._screen = screen
        self._seen: float | None = None

    def look(self) -> None:
        """Look whether the file was written since, and read it again then."""
        screen = self._screen
        if screen.app.screen is not screen or screen.playback.under_way:
            return
        opened = screen.session.scenario
        changed = _modified(opened)
        if changed is None or changed == self._seen:
            return
        first, self._seen = self._seen is None, changed
        if not first:
            screen.start(_read_again(screen, opened))


async def _read_again(screen: SimulatorScreen, opened: Scenario) -> None:
    """Read a scenario's file anew; start it where it says something else, say what is wrong with it if something is."""
    from scenarios.errors import ScenarioError
    from scenarios.export.self_contained import self_contained
    from scenarios.file.loader import load

    def read(watch: Watch) -> Scenario:
        return load(opened.file, opened.overrides, own_files=True, watch=watch, learner=opened.learner)

    reading = Reading(read)
    await run(reading.slices(), reading.words)
    scenario = reading.result
    if isinstance(reading.error, ScenarioError):
        screen.say(f"the file changed: {reading.error}", error=True)
    elif reading.error is not None:
        raise reading.error
    elif scenario is not None and self_contained(scenario) != self_contained(opened):
        before = screen.session
        _start_anew(screen, scenario)
        screen.session.set_breakpoints(before.breakpoints)
        screen.session.name_places(still_own(before.places, scenario.stops))
        if before.watched != opened.watch:
            screen.session.keep_watch(before.watched)
        screen.advance_to(before.cursor.step)
        screen.say(f"read again: {scenario.file}" + keyed("   ({undo} brings the run before back)"))


def _modified(scenario: Scenario) -> float | None:
    """When a scenario's file was written last; None for one of the library."""
    path = Path(scenario.file)
    try:
        return path.stat().st_mtime if path.suffix else None
    except OSError:
        return None
