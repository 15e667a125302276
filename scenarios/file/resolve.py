"""From a file's tables to a scenario: changes made, defaults merged into the lanes, everything checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from msgspec import UNSET

from scenarios.errors import ScenarioError, quoted
from scenarios.file.checks import one_line, read_check, read_comparison, read_watched
from scenarios.file.data_table import read_data
from scenarios.file.document import Document, refuse_impossible
from scenarios.file.guide_names import GuideNames
from scenarios.file.guide_table import read_guide, read_quiz
from scenarios.file.lanes import read_lanes
from scenarios.file.overrides import Override, changed, parse_override, tables
from scenarios.file.refusals import Path
from scenarios.file.schema import LaneTable, QuizTable, ScenarioFile, StopTable
from scenarios.file.tally_table import read_tally
from scenarios.file.toml_inline import inline
from scenarios.guide import Accuracy
from scenarios.quantities.lookup import is_comparison
from scenarios.scenario import Claim, LanePlan, NamedPlace, Prediction, Scenario

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
"""What a scenario may be called."""


TOLD = ("claims", "predict", "guide", "quiz", "stops", "watch")
"""What speaks of a scenario's numbers, which what is made from it may leave out."""

_OF_LESSON = re.compile(r"(guide|quiz|stops|watch)\[(\d+)\]")


def resolve(document: Document, changes: Sequence[Override], learner: str = "") -> Scenario:
    """The scenario of a document with some changes, for a learner where each has a seed; raises ScenarioError.

    Stages, quiz questions, stops and what is watched that have no place in the changed scenario are left out.
    """
    unchanged = document
    for change in changes:
        document = replace(document, table=changed(document, change))
    own = document.table.get("learner_seed") is True and all(change.path != ("seed",) for change in changes)
    if learner and own:
        document = replace(document, table={**document.table, "seed": learner_seed(learner)})
    else:
        learner = ""
    while True:
        try:
            return replace(_resolve(document), learner=learner)
        except ScenarioError as error:
            misfit = _OF_LESSON.match(error.key)
            if not changes or not misfit or misfit[1] in {change.path[0] for change in changes}:
                raise
            _resolve(unchanged)  # refuses what the file itself has wrong
            document = _without(document, misfit[1], int(misfit[2]))


def learner_seed(learner: str) -> int:
    """The seed of a learner by their id: SHA-256 of it, modulo 2³¹."""
    return int.from_bytes(sha256(learner.encode()).digest()) % 2**31


def _without(document: Document, key: str, index: int) -> Document:
    tables = document.table[key]
    return replace(document, table={**document.table, key: tables[:index] + tables[index + 1 :]})


def _resolve(document: Document) -> Scenario:
    refuse_impossible(document)
    original = document
    document = _with_defaults(document)
    file = document.convert(document.table, ScenarioFile, ())
    if not NAME.fullmatch(file.name):
        raise document.error(("name",), f"found {quoted(file.name)}; allowed: letters, digits and hyphens")
    source = None if file.data is UNSET else read_data(document, file.data)
    lanes = read_lanes(document, file.lanes, source.sample() if source else None, file.steps)
    stops = _stops(document, file.stops, lanes)
    return Scenario(
        file=document.file,
        name=file.name,
        title=one_line(file.title) or file.name,
        question=one_line(file.question),
        lesson=one_line(file.lesson),
        text=file.text.strip("\n"),
        panes=tuple(dict.fromkeys(file.panes)),
        seed=file.seed,
        learner_seed=file.learner_seed,
        steps=file.steps,
        data=source,
        lanes=lanes,
        claims=_claims(document, file, lanes),
        predictions=_predictions(document, file, lanes),
        guide=read_guide(document, file.guide, lanes, stops),
        quiz=read_quiz(document, file.quiz, lambda path, table: _variation(original, path, table)),
        tally=read_tally(document, file.tally, file.steps, lanes),
        table=document.table,
        stops=stops,
        watch=_watch(document, file.watch, lanes),
    )


def _with_defaults(document: Document) -> Document:
    """The document with the keys of `[defaults]` in every lane that lacks them."""
    defaults = document.table.get("defaults", {})
    document.convert(defaults, LaneTable, ("defaults",))
    lanes = tables(document.table.get("lanes"))
    merged = [{**defaults, **lane} for lane in lanes]
    defaulted = frozenset((index, key) for index, lane in enumerate(lanes) for key in defaults if key not in lane)
    return replace(document, table={**document.table, "lanes": merged}, defaulted=defaulted) if lanes else document


def _claims(document: Document, file: ScenarioFile, lanes: Sequence[LanePlan]) -> tuple[Claim, ...]:
    claims = []
    for index, table in enumerate(file.claims):
        expression = read_comparison(document, table.check, ("claims", index, "check"), lanes)
        at = file.steps if table.at is UNSET else table.at
        claims.append(Claim(one_line(table.text), expression, at, table.seeds, table.share))
    return tuple(claims)


def _predictions(document: Document, file: ScenarioFile, lanes: Sequence[LanePlan]) -> tuple[Prediction, ...]:
    predictions = []
    for index, table in enumerate(file.predict):
        answer = read_check(document, table.answer, ("predict", index, "answer"), lanes)
        given = [key for key in ("tolerance", "factor") if getattr(table, key)]
        if given and is_comparison(answer):
            raise document.error(("predict", index, given[0]), "stands beside a comparison; allowed: beside a number")
        if len(given) > 1:
            raise document.error(("predict", index), "found both tolerance and factor; allowed: one")
        at = file.steps if table.at is UNSET else table.at
        accuracy = Accuracy(table.tolerance or 0.02, table.factor or 1.0)
        predictions.append(Prediction(one_line(table.ask), answer, at, accuracy))
    return tuple(predictions)


def _stops(document: Document, stops: Sequence[StopTable], lanes: Sequence[LanePlan]) -> tuple[NamedPlace, ...]:
    """The named places in their order; raises ScenarioError for a name that is blank, or stands twice."""
    names = GuideNames(document, lanes)
    named: dict[str, NamedPlace] = {}
    for index, table in enumerate(stops):
        name = one_line(table.name)
        if not name or name in named:
            found = f"{quoted(name)} a second time" if name else "blanks"
            raise document.error(("stops", index, "name"), f"found {found}; allowed: a name of its own")
        given = table.operation
        inside = names.operation(("stops", index, "operation"), given) if isinstance(given, str) else None
        named[name] = NamedPlace(table.at, name, inside, one_line(table.note))
    return tuple(sorted(named.values(), key=lambda stop: (stop.at, stop.operation is not None)))


def _watch(document: Document, texts: Sequence[str], lanes: Sequence[LanePlan]) -> tuple[str, ...]:
    """The expressions that are watched, each once; raises ScenarioError for one that is no number of these lanes."""
    for index, text in enumerate(texts):
        read_watched(document, text, ("watch", index), lanes)
    return tuple(dict.fromkeys(one_line(text) for text in texts))


def _variation(document: Document, path: Path, table: QuizTable) -> Scenario:
    """The scenario with the changes of a quiz question; raises ScenarioError."""
    bare = {key: value for key, value in document.table.items() if key not in TOLD}
    seed = [] if table.seed is UNSET else [f"seed={table.seed}"]
    changes = [*seed, *_changes(table.set)]
    try:
        varied = resolve(replace(document, table=bare), [parse_override(change) for change in changes])
    except ScenarioError as error:
        found = ": ".join(part for part in (error.key, error.message) if part)
        raise document.error((*path, "set"), found) from None
    return replace(varied, overrides=tuple(changes))


def _changes(table: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """A table of changes as KEY=VALUE, its innermost keys one by one; a table's name comes before its other keys."""
    for key, value in table.items():
        if not isinstance(value, dict):
            yield f"{prefix}{key}={inline(value)}"
            continue
        if "name" in value:
            yield f"{prefix}{key}={{ name = {inline(value['name'])} }}"
        yield from _changes({inner: kept for inner, kept in value.items() if inner != "name"}, f"{prefix}{key}.")
