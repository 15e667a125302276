"""What is watched over the run."""

from __future__ import annotations

from functools import partial

from scenarios.guide import Target
from tui.panes.layout import PaneId
from tui.render.selection import Sample
from tui.simulator.screen import SimulatorScreen
from tui.simulator.task import ask
from tui.simulator.tasks.seek import names_in

WATCH = PaneId("watch", None)


async def watch(screen: SimulatorScreen) -> None:
    """Add and remove what is watched, and put the pane on the screen."""
    from tui.dialogs.watch_list import WatchList
    from tui.session.watch import validated

    session, panes = screen.session, screen.panes
    words = [name for name in names_in(session) if not name.startswith(("any.", "all."))]
    check = partial(validated, lane_runs=session.lane_runs)
    texts = await ask(WatchList(session.watched, words, check, offered(screen)))
    if texts is None:
        return
    new = set(texts) - set(session.watched)
    session.keep_watch(texts)
    if texts and (new or WATCH.kind in panes.kinds):
        if WATCH.kind not in panes.kinds:
            screen.guide.sees("pane", Target(WATCH.kind))
            panes.kinds = (*panes.kinds, WATCH.kind)
        panes.focus_on(WATCH)
    screen.place_panes()
    screen.moved()


def offered(screen: SimulatorScreen) -> str:
    """The selected number as it would be watched, "" where none is selected: a weight, a gradient, or an output."""
    panes = screen.panes
    for target in panes.selected_targets[1:]:
        if target.name in ("W", "b", "dW", "db"):
            return f"{target.lane}.{target.name}{target.layer}[{','.join(map(str, target.index))}]"
    widget = panes.focused_widget
    if panes.inside and widget is not None and isinstance(widget.selection, Sample) and widget.view is not None:
        lane = widget.view.lane
        return "" if lane.is_function else f"{lane.lane.id}.output[{widget.selection.number},0]"
    return ""
