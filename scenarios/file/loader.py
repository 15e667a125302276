"""Finds scenarios by name or path, and reads them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from scenarios.errors import ScenarioError, nearest
from scenarios.file.course_file import COURSE_FILE, LIBRARY, read_course_file
from scenarios.file.csv_samples import Watch
from scenarios.file.document import Document, read_toml
from scenarios.file.overrides import Override, named_files, parse_override
from scenarios.file.resolve import resolve
from scenarios.file.toml_reader import MAX_FILE_BYTES
from scenarios.regular_file import read_regular
from scenarios.scenario import Scenario


def library_files() -> list[Path]:
    """The files of the library, in the order of their names."""
    return sorted(file for file in LIBRARY.glob("*.toml") if file.name != COURSE_FILE)


def library() -> list[Scenario]:
    """Every scenario of the library, in the order of its course."""
    return [load(file.stem) for file in read_course_file(LIBRARY).files]


def find(name: str) -> Path:
    """The file of a library scenario by its name, or of any by its path; raises ScenarioError."""
    known = {file.stem: file for file in library_files()}
    if name in known:
        return known[name]
    path = Path(name)
    if "/" in name or path.suffix or os.path.exists(name):
        return path
    raise ScenarioError(name, "", f"there is no such scenario{nearest(name, known)}; see: gradstep list")


def load(
    name: str,
    overrides: Sequence[str] = (),
    own_files: bool = False,
    watch: Watch | None = None,
    learner: str = "",
) -> Scenario:
    """The scenario of that name or path, with `--set KEY=VALUE` changes, for a learner; raises ScenarioError.

    own_files: the changes are those of the user, so that files of samples which they name may stand anywhere. watch:
    is told how much of such files is read.
    """
    path = find(name)
    try:
        content = read_regular(path, MAX_FILE_BYTES)
    except OSError as error:
        raise ScenarioError(name, "", f"cannot read it: {error.strerror}") from None
    return parse(content, name, path.parent, overrides, own_files, watch, learner)


def of_learner(scenario: Scenario, learner: str) -> Scenario:
    """The scenario with a learner's own seed, where it gives each one; raises ScenarioError."""
    if not (learner and scenario.learner_seed):
        return scenario
    return load(scenario.file, scenario.overrides, own_files=True, learner=learner)


def parse(
    content: bytes,
    file: str,
    folder: Path,
    overrides: Sequence[str] = (),
    own_files: bool = False,
    watch: Watch | None = None,
    learner: str = "",
) -> Scenario:
    """The scenario in a file's bytes; data files are read from `folder`. The rest is as for `load`."""
    changes = [parse_override(text) for text in overrides]
    own = named_files(changes) if own_files else frozenset()
    document = Document(file, folder, read_toml(content, file), own=own, watch=watch)
    try:
        return replace(resolve(document, changes, learner), overrides=tuple(overrides))
    except ScenarioError as error:
        raise (_blamed(error, document, changes) if changes else error) from None


def _blamed(error: ScenarioError, document: Document, changes: Sequence[Override]) -> ScenarioError:
    """The file's own error if it has one, else the error as that of the change from which on it appears."""
    for count in range(len(changes) + 1):
        try:
            resolve(document, changes[:count])
        except ScenarioError as found:
            if count == 0:
                return found
            if str(found) == str(error):
                return ScenarioError(changes[count - 1].source, error.key, error.message)
    return error
