"""What is looked at: which panes, and what the keys do."""

from __future__ import annotations

from scenarios.guide import Target
from tui.simulator.screen import SimulatorScreen
from tui.simulator.task import ask


async def choose_panes(screen: SimulatorScreen) -> None:
    """Choose which panes are shown."""
    from tui.dialogs.choose_panes import ChoosePanes

    kinds = await ask(ChoosePanes(screen.panes.kinds))
    if kinds:
        for kind in set(kinds) - set(screen.panes.kinds):
            screen.guide.sees("pane", Target(kind))
        screen.panes.kinds = kinds
        screen.place_panes()


async def help(screen: SimulatorScreen) -> None:
    """Say what every key does."""
    from tui.dialogs.help import Help

    await ask(Help())


async def background(screen: SimulatorScreen) -> None:
    """Read what the lesson's file says besides the guide."""
    from tui.dialogs.background import Background

    await ask(Background(screen.frame(), screen.look))
