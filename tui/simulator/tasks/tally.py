"""One start after the other, each trained to its end, and a count of where they ended."""

from __future__ import annotations

from scenarios.guide import Target
from tui.keymap.own_keys import keyed
from tui.panes.layout import PaneId
from tui.panes.tally import where_it_ended
from tui.session.actions import NewSeed, do
from tui.session.tally import count_run, counts_here, tally
from tui.simulator.screen import SimulatorScreen
from tui.simulator.task import run

PANE = PaneId("tally", None)
OWED = "first what came of your answer in this run: {next_stage} tells it; then {next_start} goes on to the next start"


async def next_start(screen: SimulatorScreen) -> None:
    """Count the run that stands here, unless that was done or it was changed, and then the next seed's."""
    session = screen.session
    _open_pane(screen)
    if session.seed not in tally(session.scenario, session.journal).seeds and counts_here(session):
        await _count(screen)
    if screen.guide.owes_reply:
        screen.say(keyed(OWED))
        return
    await screen.finish(do.slices(session, NewSeed()), f"seed {session.seed + 1}…")
    screen.bring_to_front(screen.panes.front)
    await _count(screen)
    counted = tally(session.scenario, session.journal)
    screen.say(where_it_ended(counted) + keyed("   ({undo} brings the run before back)"))


async def _count(screen: SimulatorScreen) -> None:
    session = screen.session
    await run(count_run(session), lambda: f"seed {session.seed}: step {session.cursor.step:,}")
    screen.moved()


def _open_pane(screen: SimulatorScreen) -> None:
    """Put the tally on the screen, if it is not there yet."""
    panes = screen.panes
    if PANE.kind not in panes.kinds:
        screen.guide.sees("pane", Target(PANE.kind))
        panes.kinds = (*panes.kinds, PANE.kind)
        screen.place_panes()
    if PANE not in panes.regions:
        panes.focus_on(PANE)
        screen.place_panes()
