"""What is looked at: which panes, and what the keys do."""

from __future__ import annotations

from tui.simulator.doing import ask
from tui.simulator.stage import Stage


async def choose_panes(stage: Stage) -> None:
    """Choose which panes are shown."""
    from tui.dialogs.choose_panes import ChoosePanes

    kinds = await ask(ChoosePanes(stage.panes.kinds))
    if kinds:
        stage.panes.kinds = kinds
        stage.place_panes()


async def help(stage: Stage) -> None:
    """Say what every key does."""
    from tui.dialogs.help import Help

    await ask(Help())
