"""What is looked at: which panes, and what the keys do."""

from __future__ import annotations

from scenarios.guide import Target
from tui.keymap.own_keys import keyed
from tui.panes.layout import PaneId
from tui.panes.registry import SHARED, chosen
from tui.simulator.screen import SimulatorScreen
from tui.simulator.task import ask


async def choose_panes(screen: SimulatorScreen) -> None:
    """Choose which panes are shown."""
    from tui.dialogs.choose_panes import ChoosePanes

    kinds = await ask(ChoosePanes(screen.panes.kinds))
    if kinds:
        new = [kind for kind in kinds if kind not in screen.panes.kinds]
        for kind in new:
            screen.guide.sees("pane", Target(kind))
        screen.panes.kinds = kinds
        if not screen.guide.on:  # else the lesson chooses, or wants one opened
            scenario = screen.session.scenario
            screen.host.choose_panes(scenario, () if set(kinds) == set(chosen(scenario.panes)) else kinds)
        if new:  # where not all have room, the new one has
            screen.panes.focus_on(PaneId(new[0], None if new[0] in SHARED else screen.panes.front))
        screen.place_panes()


ASKED = "the background tells what is asked: it opens after the last question, or once {guide} has left the guide"


async def help(screen: SimulatorScreen) -> None:
    """Say what the marks of the pane in focus mean, and what every key does."""
    from tui.dialogs.help import Help

    widget = screen.panes.focused_widget
    await ask(Help(widget.pane if widget else None, screen.look.ascii))


async def background(screen: SimulatorScreen) -> None:
    """Read what the lesson's file says besides the guide, once that asks nothing any more."""
    from tui.dialogs.background import Background

    if screen.guide.on and screen.guide.open_questions:
        screen.say(keyed(ASKED))
        return
    await ask(Background(screen.frame(), screen.look))
