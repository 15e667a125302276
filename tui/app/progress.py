"""What is remembered from one start to the next: files opened last, and how far each lesson got."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
from platformdirs import user_state_path

from scenarios.atomic_write import atomic_write
from scenarios.regular_file import is_text

MOST_RECENT = 8


@dataclass
class Progress:
    """recent: paths, the newest first. results: by scenario, its last losses in words. scores: right and asked."""

    recent: list[str] = field(default_factory=list)
    results: dict[str, str] = field(default_factory=dict)
    scores: dict[str, tuple[int, int]] = field(default_factory=dict)

    def opened(self, path: str) -> str:
        """A file was opened by its path; why that cannot be written down, or ""."""
        full = str(Path(path).absolute())
        if not is_text(Path(full)):
            return ""
        self.recent = [full, *(other for other in self.recent if other != full)][:MOST_RECENT]
        return self.save()

    def left(self, scenario: str, result: str, score: tuple[int, int]) -> str:
        """A lesson was left at some result; why that cannot be written down, or ""."""
        self.results[scenario] = result
        if score[1]:
            self.scores[scenario] = score
        return self.save()

    def save(self) -> str:
        """Write it; why that cannot be, or ""."""
        try:
            _file().parent.mkdir(parents=True, exist_ok=True)
            with atomic_write(_file()) as file:
                file.write(msgspec.json.encode(self))
        except OSError as error:
            return f"what was opened cannot be remembered: {error.strerror}"
        return ""


def recall() -> Progress:
    """What was remembered; nothing where the file is missing or damaged."""
    try:
        found = msgspec.json.decode(_file().read_bytes(), type=Progress)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Progress()
    return replace(found, recent=found.recent[:MOST_RECENT])


def _file() -> Path:
    return user_state_path("gradstep") / "memory.json"
