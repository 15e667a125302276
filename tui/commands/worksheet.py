"""`gradstep worksheet`: one step as an exercise on paper, on each sheet with other numbers, and all the answers."""

from __future__ import annotations

import os
import re
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scenarios.atomic_write import WriteError, file_stem
from scenarios.errors import nearest, quoted
from scenarios.export.provenance import provenance
from scenarios.file.loader import load
from scenarios.file.resolve import learner_seed
from scenarios.regular_file import read_regular
from scenarios.runs.build import build
from scenarios.scenario import Scenario
from tui.commands.errors import CommandError
from tui.commands.new_file import FORCED, write_named
from tui.commands.output import print_json, progress
from tui.exports.printable import PLAIN, page
from tui.exports.worksheet import worksheet as sheet_of
from tui.session.cursor import Cursor
from tui.session.frame import Frame
from tui.session.frame_builder import FrameBuilder
from tui.session.lane_run import LaneRun
from tui.session.player import Player
from tui.session.session import Session
from tui.session.snapshot import SavedRun

MOST_TEMPLATE = 2**20
"""Bytes of a template, at most."""


@dataclass(frozen=True)
class Sheet:
    """An exercise and its answers (Markdown). whose: the learner's id, "" for none."""

    seed: int
    whose: str
    exercise: str
    answers: str

    @property
    def of(self) -> str:
        """Whose it is, or its seed."""
        return self.whose or f"seed {self.seed}"


def worksheet(options: Namespace) -> int:
    """Write the sheets and their answers; raises CommandError where one cannot be made, or a file is there already."""
    if options.learners and options.seeds is not None:
        raise CommandError("found --seeds and --as; allowed: one of them")
    template, scenario = _template(options.template), load(options.scenario)
    lane = _lane(scenario, options.lane)
    seeds = range(scenario.seed, scenario.seed + (options.seeds or 1))
    wanted = [(learner_seed(one), one) for one in options.learners] or [(seed, "") for seed in seeds]
    sheets = []
    with progress(len(wanted), "sheets") as tick:
        for seed, whose in dict.fromkeys(wanted):
            sheets.append(_sheet(options.scenario, lane, options.step, seed, whose))
            tick(1)
    _refuse_same_numbers(sheets)
    folder = Path(options.out)
    names = [_stem(scenario, lane, options.step, sheet.whose or f"seed{sheet.seed}") for sheet in sheets]
    texts = dict(zip(names, (sheet.exercise for sheet in sheets), strict=True))
    key = _stem(scenario, lane, options.step, "answers")
    if len({*names, key}) <= len(sheets):
        raise CommandError(f"two files would have the same name, among {', '.join(sorted({*names, key}))}")
    contents = _contents(folder, texts | {key: _answers(sheets, lane, options.step)}, template)
    _write(folder, contents, options.force)
    files = {name: [str(path) for path in contents if path.stem == name] for name in (*names, key)}
    if options.json:
        told = [
            {"seed": one.seed, "learner": one.whose or None, "files": files[name]}
            for one, name in zip(sheets, names, strict=True)
        ]
        head = {"scenario": scenario.name, "lane": lane, "step": options.step}
        print_json({**head, "sheets": told, "answers": files[key], **provenance(scenario)})
    else:
        print("".join(f"{path}\n" for path in contents), end="")
    return 0


def _template(name: str | None) -> str:
    """The text of a template, by default the one there is; raises CommandError where it cannot be read."""
    if name is None:
        return PLAIN
    try:
        text = read_regular(Path(name), MOST_TEMPLATE).decode()
        page("# ", text)
    except OSError as error:
        raise CommandError(f"cannot read {name}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CommandError(f"cannot read {name}: it is no text in UTF-8") from None
    except ValueError as error:
        raise CommandError(f"{name} {error}, where the sheet goes; allowed: a page of HTML with one") from None
    return text


def _lane(scenario: Scenario, name: str | None) -> str:
    """The id of the lane that is asked for, by default the first; raises CommandError where there is none."""
    known = [lane.id for lane in scenario.lanes]
    if name is not None and name not in known:
        raise CommandError(f"found lane {quoted(name)}; allowed: {', '.join(known)}{nearest(name, known)}")
    return name or known[0]


def _sheet(name: str, lane: str, step: int, seed: int, whose: str) -> Sheet:
    """The sheet of one seed; raises CommandError where the lane has no such step."""
    scenario = load(name, learner=whose)
    lane_run = next(LaneRun.begin(one) for one in build(scenario, seed) if one.id == lane)
    session = Session(SavedRun(scenario, seed, (lane_run,), Cursor(), first_seed=seed))
    session.go_to(step - 1)
    if session.cursor.step < step - 1 or session.stopped:
        of = f" with the seed of {whose}" if whose else f" with seed {seed}"
        raise CommandError(f"{lane} stops at step {lane_run.timeline.reached + 1}{of}; allowed: a step before")
    exercise, answers = sheet_of(_frame(session), whose or f"seed {seed}")
    return Sheet(seed, whose, exercise, answers)


def _frame(session: Session) -> Frame:
    session.into()
    return FrameBuilder(session).frame(Player())


def _refuse_same_numbers(sheets: Sequence[Sheet]) -> None:
    """Raise CommandError where several sheets have the same numbers, as those of a lane that draws none."""
    numbers = {re.sub(r"^.*\n|seed \d+", "", sheet.exercise) for sheet in sheets}  # without the title, and the seed
    if len(sheets) > 1 and len(numbers) == 1:
        raise CommandError("all sheets would have the same numbers: nothing in this lane's step is drawn from the seed")


def _stem(scenario: Scenario, lane: str, step: int, what: str) -> str:
    return file_stem(scenario.name, step, lane, "worksheet", what)


def _answers(sheets: Sequence[Sheet], lane: str, step: int) -> str:
    """All answers in one text."""
    return "\n".join(sheet.answers for sheet in sheets)


def _contents(folder: Path, texts: Mapping[str, str], template: str) -> dict[Path, str]:
    """Each text by the path of its file, in Markdown and as a page."""

    def kinds() -> Iterator[tuple[Path, str]]:
        for stem, text in texts.items():
            yield folder / f"{stem}.md", text
            yield folder / f"{stem}.html", page(text, template)

    return dict(kinds())


def _write(folder: Path, contents: Mapping[Path, str], force: bool) -> None:
    """Write all files, or none; raises CommandError where one is there already, WriteError where one cannot be."""
    there = [path for path in contents if os.path.lexists(path)]
    if there and not force:
        raise CommandError(f"{there[0]} exists already; {FORCED}")
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in contents.items():
            write_named(path, text.encode(), force)
            written.append(path)
    except OSError as error:
        for path in {*written} - {*there}:
            path.unlink(missing_ok=True)
        raise WriteError(error.errno, error.strerror, str(error.filename or folder)) from None
