"""The command palette's entries, made from the table of keys."""

from __future__ import annotations

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from tui.keymap.own_keys import label
from tui.keymap.table import SIMULATOR, Command


class KeyCommands(Provider):
    """Everything that a key of the simulator does, by its words."""

    async def discover(self) -> Hits:
        for command in SIMULATOR:
            yield DiscoveryHit(_title(command), partial(self._run, command), help=f"key {label(command)}")

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for command in SIMULATOR:
            score = matcher.match(_title(command))
            if score > 0:
                title = matcher.highlight(_title(command))
                yield Hit(score, title, partial(self._run, command), help=f"key {label(command)}")

    async def _run(self, command: Command) -> None:
        await self.screen.run_action(command.action)


def _title(command: Command) -> str:
    return f"{command.group}: {command.help}"
