"""Which lesson runs of a class hold the same work, as it can hardly come about by chance.

An entry carries the hash of the one before it, and the first one that of a name drawn at random: where two files have
an entry with its hash in common, they are of the same run. Learners who answer alike on their own have none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from scenarios.errors import quoted
from tui.lesson.recording import LessonRun
from tui.session.actions import Answer, AnswerQuiz, AnswerStage, Explain, Fill, Predict
from tui.session.chain import digest
from tui.session.snapshot import Action

ANSWERS = (Answer, AnswerQuiz, AnswerStage, Explain, Fill, Predict)
"""What makes an entry a learner's own work: a start that was handed out may be everybody's."""
LONG_REASON = 40
"""Characters, from which on two do not write the same on their own: a few words may be on everybody's lips."""

Entries = Mapping[str, Action]
"""By their hashes."""


def copies(runs: Mapping[str, LessonRun]) -> dict[str, list[str]]:
    """By file, what it has in common with others, in words."""
    found: dict[str, list[str]] = defaultdict(list)
    hashed = {file: {digest(action): action for action in run.actions if action.after} for file, run in runs.items()}
    told = {(file, file) for file in runs}
    for one, other in _pairs(hashed):
        if words := _shared(hashed[one], hashed[other]):
            found[one].append(words.format(other))
            told.add((one, other))
    for (_, stage, _), reasons in _reasons(runs).items():
        for one, reason in reasons.items():
            others = [file for file in reasons if (one, file) not in told and not _are_of_one(runs[one], runs[file])]
            if others:
                as_in = f"the reason at stage {stage + 1} is word for word that of {', '.join(others)}"
                found[one].append(f"{as_in}: {quoted(reason)}")
    return found


def _pairs(hashed: Mapping[str, Entries]) -> Iterator[tuple[str, str]]:
    """The files that have an entry in common."""
    holders: dict[str, list[str]] = defaultdict(list)
    for file, entries in hashed.items():
        for entry in entries:
            holders[entry].append(file)
    groups = dict.fromkeys(map(tuple, holders.values()))
    yield from dict.fromkeys((one, other) for files in groups for one in files for other in files if one != other)


def _shared(one: Entries, other: Entries) -> str:
    """What two runs have in common, with a place for the name of the other's file; "" where it is worth no word."""
    common, more = [entry for entry in one if entry in other], len(one) - len(other)
    if len(common) == len(one) == len(other):
        return "the same run as {}"
    if not any(isinstance(one[entry], ANSWERS) for entry in common):
        return ""
    if len(common) == min(len(one), len(other)):
        entries = "entry" if abs(more) == 1 else "entries"
        return f"the same run as {{}}, with {abs(more)} {entries} {'more' if more > 0 else 'fewer'}"
    return f"{len(common)} of {len(one)} entries are those of {{}}"


def _reasons(runs: Mapping[str, LessonRun]) -> Mapping[tuple[str, int, str], Mapping[str, str]]:
    """Long reasons by scenario, stage and words: as they stand in each file."""
    found: dict[tuple[str, int, str], dict[str, str]] = defaultdict(dict)
    for file, run in runs.items():
        for action in run.actions:
            if isinstance(action, Explain):
                words = " ".join(re.findall(r"\w+", action.reason.casefold()))
                if len(words) >= LONG_REASON:
                    found[run.title or run.scenario, action.stage, words][file] = action.reason
    return found


def _are_of_one(run: LessonRun, other: LessonRun) -> bool:
    """Whether two files name the same learner."""
    return bool(run.learner) and run.learner == other.learner
