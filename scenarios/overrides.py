"""`--set KEY=VALUE`: changes to a scenario file's tables before they are checked."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scenarios.errors import ScenarioError
from scenarios.names import nearest, quoted


@dataclass(frozen=True)
class Override:
    """A key path such as `lanes.deep.optimizer.learning_rate`, and the value it gets."""

    text: str
    key: str
    value: Any

    @property
    def path(self) -> list[str]:
        return self.key.split(".")

    @property
    def source(self) -> str:
        """What errors name in place of the file."""
        return f"--set {self.text}"


def parse_override(text: str) -> Override:
    """Read KEY=VALUE; the value is TOML, else text. Raises ScenarioError."""
    key, equals, value = text.partition("=")
    key = key.strip()
    if not equals or not all(part.strip() for part in key.split(".")):
        raise ScenarioError(
            f"--set {text}", "", "allowed: KEY=VALUE, as in lanes.deep.optimizer.learning_rate=0.01"
        )
    return Override(text, key, toml_value(value.strip()))


def toml_value(text: str) -> Any:
    """A text as the TOML value it is, else as itself."""
    try:
        table = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return table["value"] if list(table) == ["value"] else text


def apply(table: dict[str, Any], path: Sequence[str], override: Override) -> None:
    """Set the value at a path below a table, in place; a name such as "he" becomes a table with that name."""
    *way, last = path
    for step in way:
        below = table.get(step)
        if isinstance(below, str):
            below = {"name": below}
        elif below is None:
            below = {"name": "sgd"} if step == "optimizer" else {}
        elif not isinstance(below, dict):
            raise ScenarioError(override.source, "", f"{quoted(step)} has no keys")
        table[step] = dict(below)
        table = table[step]
    table[last] = override.value


def lane_tables(lanes: Sequence[dict[str, Any]], overrides: Sequence[Override]) -> list[dict[str, Any]]:
    """Lanes, defaults included, with the overrides `lanes.ID.…` applied."""
    changed = [dict(lane) for lane in lanes]
    by_id = {lane.get("id"): lane for lane in changed if isinstance(lane.get("id"), str)}
    for override in overrides:
        name, *rest = override.path[1:] or [""]
        if name not in by_id:
            known = [str(key) for key in by_id]
            hint = nearest(name, known)
            message = f"there is no lane {quoted(name)}; allowed: {', '.join(known)}{hint}"
            raise ScenarioError(override.source, "lanes", message)
        if not rest:
            raise ScenarioError(override.source, "lanes", "allowed: lanes.ID.KEY=VALUE")
        apply(by_id[name], rest, override)
    return changed
