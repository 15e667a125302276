"""Which lesson runs of a class hold the same work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from tui.lesson.recording import LessonRun
from tui.session.actions import Answer, AnswerQuiz, AnswerStage, Explain, Fill, Predict
from tui.session.chain import digest

ANSWERS = (Answer, AnswerQuiz, AnswerStage, Explain, Fill, Predict)
"""What makes an entry a learner's own work: a start that was handed out may be everybody's."""


@dataclass(frozen=True)
class _Work:
    """A run, and the hash of each of its entries by itself, whatever stands before it."""

    run: LessonRun
    entries: tuple[str, ...]


def copies(runs: Mapping[str, LessonRun]) -> dict[str, list[str]]:
    """By file, what it has in common with others, in words."""
    works = {file: _Work(run, _entries(run)) for file, run in runs.items()}
    found: dict[str, list[str]] = defaultdict(list)
    for alike in _groups(works):
        for file in alike:
            for other in alike:
                if other != file and (words := _shared(works[file], works[other])):
                    found[file].append(words.format(other))
    return {file: list(dict.fromkeys(words)) for file, words in found.items()}


def _groups(works: Mapping[str, _Work]) -> Iterator[Sequence[str]]:
    """The files that are worth comparing: of the same run, or with the same entries."""
    groups: dict[object, list[str]] = defaultdict(list)
    for file, work in works.items():
        if work.run.run:
            groups[work.run.run].append(file)
        if work.entries:
            groups[work.entries].append(file)
    return (files for files in groups.values() if len(files) > 1)


def _shared(one: _Work, other: _Work) -> str:
    """What two runs have in common, with a place for the name of the other's file; "" where it is worth no word."""
    pairs = zip(one.entries, other.entries, strict=False)
    common = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one.entries), len(other.entries)))
    same_run = bool(one.run.run) and one.run.run == other.run.run
    more = len(one.entries) - len(other.entries)
    if same_run and common == min(len(one.entries), len(other.entries)):
        entries = "entry" if abs(more) == 1 else "entries"
        went_on = f", with {abs(more)} {entries} {'more' if more > 0 else 'fewer'}" if more else ""
        return f"the same run as {{}}{went_on}"
    if same_run and any(isinstance(action, ANSWERS) for action in one.run.actions[:common]):
        return f"the first {common} of {len(one.entries)} entries are those of {{}}"
    alike = one.entries == other.entries and _subject(one.run) == _subject(other.run)
    reasons = any(isinstance(action, Explain) and action.reason for action in one.run.actions)
    if not same_run and alike and (reasons or not (one.run.run and other.run.run)):
        return f"the same {len(one.entries)} entries{', reasons word for word,' * reasons} as {{}}"
    return ""


def _subject(run: LessonRun) -> tuple[str, int]:
    return run.title or run.scenario, run.seed


def _entries(run: LessonRun) -> tuple[str, ...]:
    return tuple(digest(msgspec.structs.replace(action, after="", seen=None)) for action in run.actions)
