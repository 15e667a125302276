"""The lesson runs of a class: which scenario each is of, what was done in it, and what is odd about it.

Runs of the same scenario and seed are repeated on the same lanes, so that their common steps are made once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isclose

from scenarios.errors import ScenarioError
from scenarios.export.provenance import scenario_hash
from scenarios.file.loader import load
from scenarios.file.resolve import learner_seed
from scenarios.scenario import Scenario
from tui.lesson.followed import Followed
from tui.lesson.marking import Given, Marking
from tui.lesson.recording import LessonRun, again, seal, train_losses
from tui.lesson.truths import Truths
from tui.lesson.variation_quiz import Quiz
from tui.session.chain import break_in
from tui.session.cursor import Cursor
from tui.session.session import Session
from tui.session.snapshot import SavedRun

NEAR = 1e-6
"""How far, as a share, a train loss may be from what the file says: processors round differently."""


@dataclass(frozen=True)
class Odd:
    """Something that was seen in a file: which kind of thing, and what, in words."""

    what: str
    says: str


@dataclass(frozen=True)
class Filed:
    """A file of a folder, by its name there: the lesson run in it, or why there is none."""

    file: str
    run: LessonRun | None
    error: str = ""


@dataclass(frozen=True)
class Job:
    """Runs of one scenario at one seed: by which name it is loaded, with which changes, for which learner."""

    scenario: str
    set: tuple[str, ...]
    learner: str
    seed: int
    runs: tuple[Filed, ...]


@dataclass(frozen=True)
class Graded:
    """What a file came to. asked: how many questions the lesson asks, with the numbers that were asked for.

    stages: done, and how many there are. quiz: how many questions it has. error: why not all is known.
    """

    file: str
    learner: str = ""
    scenario: str = ""
    seed: int | None = None
    asked: int = 0
    stages: tuple[int, int] = (0, 0)
    quiz: int = 0
    given: tuple[Given, ...] = ()
    odd: tuple[Odd, ...] = ()
    error: str = ""


def read_as_filed(run: LessonRun) -> tuple[Odd, ...]:
    """What is odd about a file before anything is repeated: its hashes."""
    if run.gradstep_lesson_run == 1:
        return (Odd("old", "made by a version that kept no hashes and no names"),)
    odd = []
    broken = break_in(run.actions, run.run)
    if broken is not None:
        before = f"entry {broken}" if broken else "the beginning of the run"
        says = f"entry {broken + 1} does not follow {before}: a line was edited, removed, added or moved"
        odd.append(Odd("chain", says))
    if run.seal != seal(run):
        odd.append(Odd("seal", "the file is not as it was written: its seal does not fit"))
    return tuple(odd)


def grade_job(job: Job) -> list[Graded]:
    """What each run of a job came to; whatever is wrong with one of them is told of that one alone."""
    try:
        ground = _Ground.of(job)
    except ScenarioError as error:
        return [_refused(one, str(error)) for one in job.runs]
    return [_graded(one, ground) for one in job.runs]


@dataclass(frozen=True)
class _Ground:
    """What runs of the same scenario and seed share: its lanes as far as they were trained, and what is known."""

    scenario: Scenario
    base: Session
    truths: Truths
    quiz: Quiz

    @staticmethod
    def of(job: Job) -> _Ground:
        scenario = load(job.scenario, job.set, learner=job.learner)
        if scenario.learner_seed and scenario.seed != job.seed:
            scenario = load(job.scenario, [*job.set, f"seed={job.seed}"])
        base = Session.begin(scenario, job.seed)
        return _Ground(scenario, base, Truths(base), Quiz(base))

    def begin(self) -> Session:
        """A session at the beginning, on the lanes that are shared."""
        seed = self.base.seed
        return Session(SavedRun(self.scenario, seed, self.base.lane_runs, Cursor(), first_seed=seed))


def _refused(filed: Filed, error: str) -> Graded:
    run = filed.run
    assert run is not None
    return Graded(filed.file, run.learner, run.title or run.scenario, run.seed, error=error)


def _graded(filed: Filed, ground: _Ground) -> Graded:
    run, scenario, session = filed.run, ground.scenario, ground.begin()
    assert run is not None
    marking, followed, error = Marking(session, ground.truths, ground.quiz), Followed(session, run.actions), ""
    try:
        for number, action in enumerate(again(session, run, ""), 1):
            seen = run.seen if action is None else action.seen
            followed.looks(Cursor(*seen) if seen else session.cursor)
            if action is not None:
                marking.looks(number, action)
        marking.ends(Cursor(*run.seen) if run.seen else session.cursor)
    except (ScenarioError, MemoryError) as problem:
        error = f"cannot be repeated: {str(problem) or 'there is not enough memory for this'}"
    asked = sum(stage.question is not None for stage in scenario.guide) + len(scenario.predictions)
    given, theirs = tuple(marking.given.values()), _is_of(run, scenario)
    return Graded(
        file=filed.file,
        learner=run.learner,
        scenario=scenario.name,
        seed=run.seed,
        asked=asked + sum(one.kind == "number" for one in given),
        stages=followed.stages,
        quiz=len(scenario.quiz),
        given=given,
        odd=(
            *(() if theirs else [Odd("scenario", f"another scenario of the name {scenario.name}")]),
            *_about_start(run, scenario),
            *_about_answers(marking),
            *(_about_end(run, session) if theirs and not error else ()),
        ),
        error=error,
    )


def _is_of(run: LessonRun, scenario: Scenario) -> bool:
    """Whether a run is of a scenario by its hash, in which another seed may stand where each learner has their own."""
    if run.scenario_hash in ("", scenario_hash(scenario)):
        return True
    others = [run.learner, ""] if scenario.learner_seed else []
    return any(run.scenario_hash == scenario_hash(load(scenario.file, run.set, learner=one)) for one in others)


def _about_start(run: LessonRun, scenario: Scenario) -> Iterator[Odd]:
    """Whether it was begun unchanged, with the learner's numbers."""
    if run.set:
        yield Odd("changed", f"the scenario was changed: {', '.join(run.set)}")
    if scenario.learner_seed and run.seed != learner_seed(run.learner):
        own = f"{learner_seed(run.learner)}, that of {run.learner}" if run.learner else "a learner's own"
        unnamed = load(scenario.file).seed == run.seed
        begun = f"the file's own seed {run.seed}, as without --as," if unnamed else f"seed {run.seed},"
        yield Odd("seed", f"begun with {begun} not {own}")
    elif not scenario.learner_seed and run.seed != scenario.seed:
        yield Odd("seed", f"begun with seed {run.seed}, not {scenario.seed}")


def _about_answers(marking: Marking) -> Iterator[Odd]:
    """Answers that were given late or again, and entries that say that less had been seen than was."""
    for number, place in sorted(marking.lowered.items()):
        yield Odd("seen", f"entry {number} says that less had been seen than {_words(place)}, where others were made")
    for one in marking.given.values():
        if one.late:
            done = f"{one.name} was done" if one.kind == "fill" else f"the answer to {one.name} was given"
            seen = f"the run had been seen up to {_words(Cursor(*one.seen))}"
            told = "it had been told in another opening"
            yield Odd("late", f"{done} when {told if one.kind == 'quiz' else seen}")
        if one.times > 1:
            yield Odd("again", f"{one.name} was answered {one.times} times; the first answer counts")


def _about_end(run: LessonRun, session: Session) -> Iterator[Odd]:
    """Whether it ends as the file says."""
    here = (session.cursor.step, session.cursor.position)
    if here != run.end:
        yield Odd("replay", f"it says that it ends at {_words(Cursor(*run.end))}, and ends at {_words(session.cursor)}")
    if run.gradstep_lesson_run == 1:
        return
    for name, loss in train_losses(session).items():
        said = run.train_loss.get(name)
        if (loss is None) != (said is None) or not isclose(loss or 0.0, said or 0.0, rel_tol=NEAR):
            yield Odd("replay", f"it says that {name} ends with a train loss of {said}, and it ends with {loss}")


def _words(place: Cursor) -> str:
    if place.position is None:
        return f"step {place.step:,}"
    return f"operation {place.position + 1} of step {place.step + 1:,}"
