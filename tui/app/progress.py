"""What is remembered from one start to the next: files opened last, and how far each lesson got."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from platformdirs import user_state_path

from scenarios.atomic_write import whole_file

MOST_RECENT = 8


@dataclass
class Memory:
    """recent: paths, the newest first. results: by scenario, its last losses in words. scores: right and asked."""

    recent: list[str] = field(default_factory=list)
    results: dict[str, str] = field(default_factory=dict)
    scores: dict[str, tuple[int, int]] = field(default_factory=dict)

    def opened(self, path: str) -> None:
        """A file was opened by its path."""
        full = str(Path(path).expanduser().absolute())
        self.recent = [full, *(other for other in self.recent if other != full)][:MOST_RECENT]
        self.save()

    def left(self, scenario: str, result: str, score: tuple[int, int]) -> None:
        """A lesson was left at some result."""
        self.results[scenario] = result
        if score[1]:
            self.scores[scenario] = score
        self.save()

    def save(self) -> None:
        """Write it, if there is a place to write to; nothing important is lost where there is none."""
        with suppress(OSError):
            _file().parent.mkdir(parents=True, exist_ok=True)
            with whole_file(_file()) as file:
                file.write(json.dumps(asdict(self), ensure_ascii=False).encode())


def recall() -> Memory:
    """What was remembered; nothing where the file is missing or damaged."""
    try:
        table = json.loads(_file().read_bytes())
        return Memory(
            recent=[str(path) for path in table["recent"]][:MOST_RECENT],
            results={str(name): str(text) for name, text in table["results"].items()},
            scores={str(name): (int(right), int(of)) for name, (right, of) in table["scores"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Memory()


def _file() -> Path:
    return user_state_path("gradstep") / "memory.json"
