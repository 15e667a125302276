"""`gradstep grade`: the lesson runs of a class, repeated on all processors, and what is odd about them."""

from __future__ import annotations

import csv
import os
from argparse import Namespace
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

from rich.text import Text

from scenarios.errors import ScenarioError, nearest, printable, quoted
from scenarios.export.provenance import META, scenario_hash, versions
from scenarios.file.course_file import is_course, read_course_file
from scenarios.file.loader import library_files, load
from scenarios.regular_file import read_regular
from scenarios.scenario import Scenario
from tui.commands.errors import CommandError
from tui.commands.new_file import write_named
from tui.commands.output import console, grid, print_json, progress
from tui.lesson.copies import copies
from tui.lesson.grading import Filed, Graded, Job, Odd, grade_job, read_as_filed
from tui.lesson.marking import Given
from tui.lesson.recording import MAX_BYTES, LessonRun, read, seeded_by

SUFFIX = ".json"
COLUMNS = (
    *("file", "learner", "scenario", "seed", "right", "asked", "late", "skipped", "stages", "stages_of"),
    *("filled_right", "filled", "quiz_right", "quiz", "odd", "error"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With what a cell begins that a spreadsheet takes for a formula."""


def grade(options: Namespace) -> int:
    """Repeat all lesson runs of a folder and print a line for each; raises CommandError where there are none."""
    folder = Path(options.folder)
    files = list(_files(folder))
    if not files:
        raise CommandError(f"there are no lesson runs (*{SUFFIX}) in {folder}")
    ours = _scenarios(options.scenario)
    if options.csv and os.path.lexists(options.csv) and not options.force:
        raise CommandError(f"{options.csv} exists already; it is overwritten with --force only")
    filed = [_filed(folder, path) for path in files]
    runs = _graded(filed, ours, options.jobs or _processors())
    if options.csv:
        write_named(Path(options.csv), _csv(runs).encode(), options.force)
    if options.json:
        print_json(_report(runs, ours))
    else:
        _print(runs)
    return 0


def _files(folder: Path) -> Iterator[Path]:
    """The files of a folder, and of folders in it, that may be lesson runs, in the order of their names."""

    def refuse(error: OSError) -> None:
        raise CommandError(f"cannot read {error.filename}: {error.strerror}")

    for inside, folders, names in os.walk(folder, onerror=refuse):
        folders.sort()
        found = (name for name in sorted(names) if name.endswith(SUFFIX) and not name.endswith(META))
        yield from (Path(inside, name) for name in found if name[0] != ".")


def _scenarios(names: Sequence[str]) -> dict[str, Scenario]:
    """The teacher's scenarios by their own names; raises CommandError where two have the same."""
    found: dict[str, Scenario] = {}
    for name in dict.fromkeys(_handed_out(names)):
        scenario = load(name)
        if scenario.name in found:
            raise CommandError(f"{found[scenario.name].file} and {name} have the same name, {scenario.name}")
        found[scenario.name] = scenario
    return found


def _handed_out(names: Sequence[str]) -> Iterator[str]:
    """The scenarios that were named; in place of a folder those of its course, or else all files in it.

    Raises CommandError for a folder without any, ScenarioError for a course that is wrong.
    """
    for name in names:
        folder = Path(name)
        if not folder.is_dir():
            yield name
        elif is_course(folder):
            yield from map(str, read_course_file(folder).files)
        elif files := sorted(folder.glob("[!.]*.toml")):
            yield from map(str, files)
        else:
            raise CommandError(f"there are no scenarios (*.toml) in {name}")


def _filed(folder: Path, path: Path) -> Filed:
    """What is in a file."""
    name = path.relative_to(folder).as_posix()
    try:
        return Filed(name, read(read_regular(path, MAX_BYTES), ""))
    except OSError as error:
        return Filed(name, None, f"cannot read it: {error.strerror}")
    except ScenarioError as error:
        return Filed(name, None, str(error))


def _graded(filed: Sequence[Filed], ours: Mapping[str, Scenario], jobs: int) -> list[Graded]:
    """What each file came to, in their order."""
    known = {one.file: Graded(one.file, error=one.error) for one in filed}
    groups: dict[tuple[str, tuple[str, ...], str, int], list[Filed]] = defaultdict(list)
    for one in filed:
        if one.run is None:
            continue
        try:
            name = _name_of(one.run, ours)
        except ScenarioError as error:
            run = one.run
            known[one.file] = Graded(one.file, run.learner, run.title or run.scenario, run.seed, error=str(error))
            continue
        groups[name, tuple(one.run.set), seeded_by(one.run), one.run.seed].append(one)
    work = [Job(*key, tuple(part)) for key, group in groups.items() for part in _parts(group, jobs // len(groups))]
    for graded in _done(work, jobs):
        known[graded.file] = graded
    alike = copies({one.file: one.run for one in filed if one.run is not None})
    return [_with_hashes(known[one.file], one, alike.get(one.file, ())) for one in filed]


def _with_hashes(graded: Graded, filed: Filed, alike: Sequence[str]) -> Graded:
    """What a file came to, with what is odd about it beside other files and by its hashes."""
    hashes = read_as_filed(filed.run) if filed.run is not None else ()
    return replace(graded, odd=(*(Odd("copy", words) for words in alike), *hashes, *graded.odd))


def _name_of(run: LessonRun, ours: Mapping[str, Scenario]) -> str:
    """By what the teacher's scenario of a run is loaded; raises ScenarioError where there is none."""
    library = {file.stem for file in library_files()}
    called = [run.title] if run.title else [run.scenario, Path(run.scenario).stem]
    by_file = {Path(scenario.file).stem: scenario for scenario in ours.values()}
    for name in called:
        if found := ours.get(name) or (None if run.title else by_file.get(name)):
            return found.file
        if name in library:
            return name
    name, known = quoted(called[-1]), nearest(called[-1], [*ours, *library])
    raise ScenarioError("", "", f"there is no scenario {name}{known}; --scenario names its file")


def _parts(group: Sequence[Filed], most: int) -> Iterator[Sequence[Filed]]:
    """A group in up to so many parts of about the same size, of which each makes the common steps for itself."""
    count = max(1, min(most, len(group)))
    return (group[place::count] for place in range(count))


def _done(work: Sequence[Job], jobs: int) -> Iterator[Graded]:
    """What all runs came to, as they are done, by as many processes."""
    with progress(sum(len(job.runs) for job in work), "lesson runs") as tick:
        for done in _each(work, min(jobs, len(work))):
            yield from done
            tick(len(done))


def _each(work: Sequence[Job], jobs: int) -> Iterator[list[Graded]]:
    if jobs < 2:
        yield from map(grade_job, work)
        return
    from joblib import Parallel, delayed

    yield from Parallel(n_jobs=jobs, return_as="generator_unordered")(delayed(grade_job)(job) for job in work)


def _processors() -> int:
    """How many processors this process may use, as far as the system tells."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# What is told


def _row(one: Graded) -> dict[str, Any]:
    """The numbers of a run as its columns."""
    questions = [given for given in one.given if given.kind in ("guide", "prediction", "number")]
    filled = [given for given in one.given if given.kind == "fill"]
    quiz = [given for given in one.given if given.kind == "quiz" and not given.before]
    return {
        "file": one.file,
        "learner": one.learner,
        "scenario": one.scenario,
        "seed": one.seed,
        "right": _right(questions),
        "asked": one.asked,
        "late": sum(given.late for given in questions + quiz + filled),
        "skipped": sum(not given.answer for given in questions),
        "stages": one.stages[0],
        "stages_of": one.stages[1],
        "filled_right": sum(given.parts[0] for given in filled if not given.late),
        "filled": sum(sum(given.parts) for given in filled),
        "quiz_right": _right(quiz),
        "quiz": one.quiz,
    }


def _right(given: Sequence[Given]) -> int:
    return sum(bool(one.right) and not one.late for one in given)


def _report(runs: Sequence[Graded], ours: Mapping[str, Scenario]) -> dict[str, Any]:
    return {
        "runs": [
            {
                **_row(one),
                "answers": [_answer(given) for given in one.given],
                "odd": [{"what": odd.what, "says": odd.says} for odd in one.odd],
                "error": one.error or None,
            }
            for one in runs
        ],
        **versions(),
        "scenario_hash": {name: scenario_hash(scenario) for name, scenario in ours.items()},
        "overrides": [],
    }


def _answer(given: Given) -> dict[str, Any]:
    right, hinted, shown = given.parts
    fill = {"right": right, "hinted": hinted, "shown": shown} if given.kind == "fill" else {"right": given.right}
    return {
        "kind": given.kind,
        "number": given.number or None,
        "before": given.before,
        "ask": given.ask,
        "answer": given.answer,
        **fill,
        "late": given.late,
        "seen": given.seen,
        "times": given.times,
        "reason": given.reason,
    }


def _csv(runs: Sequence[Graded]) -> str:
    """A row for each run; text that a spreadsheet would take for a formula has a ' before it."""
    text = StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for one in runs:
        row = {**_row(one), "odd": "; ".join(f"{odd.what}: {odd.says}" for odd in one.odd), "error": one.error}
        rows.writerow([_cell(row[name]) for name in COLUMNS])
    return text.getvalue()


def _cell(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    shown = printable(value)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def _print(runs: Sequence[Graded]) -> None:
    out, table = console(), grid(9)
    table.columns[1].justify = "left"
    table.add_row("learner", "scenario", "right", "late", "skipped", "stages", "filled in", "quiz", "odd")
    for one in runs:
        table.add_row(*_line(one))
    out.print(table)
    for one in runs:
        if one.odd or one.error:
            out.print(f"\n{_called(one)}")
        for words in [odd.says for odd in one.odd] + [one.error] * bool(one.error):
            for line in Text(printable(words)).wrap(out, out.width - 2):
                out.print(f"  {line.plain.rstrip()}")
    noticed = sum(bool(one.odd or one.error) for one in runs)
    out.print(f"\n{len(runs)} files, something to look at in {noticed}. What no file can prove: docs/classes.md")


def _line(one: Graded) -> Iterator[str]:
    """A run in a line."""
    row = _row(one)
    yield printable(one.learner or one.file)
    if one.error and not one.given:
        yield from (printable(one.scenario) or "-", *["-"] * 6, "not read" if not one.scenario else "not repeated")
        return
    yield from (printable(one.scenario), f"{row['right']} of {row['asked']}", str(row["late"]), str(row["skipped"]))
    yield f"{row['stages']} of {row['stages_of']}" if row["stages_of"] else "-"
    yield f"{row['filled_right']} of {row['filled']}" if row["filled"] else "-"
    yield f"{row['quiz_right']} of {row['quiz']}" if row["quiz"] else "-"
    yield str(len(one.odd) + bool(one.error)) if one.odd or one.error else ""


def _called(one: Graded) -> str:
    """A run by its learner and its file."""
    return printable(f"{one.learner} ({one.file})" if one.learner else one.file)
