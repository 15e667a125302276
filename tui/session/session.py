"""A session: lanes in lockstep, the cursor over them, and the commands that move it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from secrets import token_hex

from nncore.slices import Slices, finished
from scenarios.runs.build import build
from scenarios.scenario import NamedPlace, Scenario
from tui.session.breakpoints import Breakpoint, Hit
from tui.session.cursor import Bounds, Cursor, LanePosition, Lockstep
from tui.session.figures import Figures
from tui.session.guesses import Answered, Guess
from tui.session.lane_run import LaneRun
from tui.session.seen import Forgetful, Memory, further
from tui.session.snapshot import Action, SavedRun, SavedView
from tui.session.stop_search import StopSearch

Way = Callable[[Lockstep, Cursor], Cursor]
"""A short move: where it leads from a cursor, by the steps that the lanes share."""

_UNDO_DEPTH = 32
_HITS = 200


@dataclass(frozen=True, eq=False)
class _Before:
    """What a change puts aside, so that it can be undone."""

    note: str
    seed: int
    lane_runs: tuple[LaneRun, ...]
    closed: tuple[LaneRun, ...]
    guesses: dict[int, Guess]
    cursor: Cursor


class Session:
    """The lanes of a scenario, trained as far as anybody looked, and the learner's place in them.

    closed: lanes that can be brought back. guesses: by number, what was answered to the lesson's questions.
    answered: the answers to questions about the next number.
    places: those that the learner named. journal: what was done since the start at `first_seed`. recalled: whether
    what it says can be undone here, which of a session opened from a file is found out when somebody asks. view:
    what the screen looks at. watched: the expressions that are watched, also those that the lanes no longer fit.
    bounds: what holds moves up. learner: who is at work, "" where nobody said. name: drawn at the start, so that
    a copy of the journal is known. memory: what is known of other openings.
    """

    def __init__(self, run: SavedRun) -> None:
        self.scenario, self.seed, self.first_seed = run.scenario, run.seed, run.first_seed
        self.learner, self.name = run.learner, run.name or token_hex(8)
        self.memory: Memory = Forgetful()
        self._furthest = {run.seed: run.furthest}
        self.cursor, self.view = run.cursor, run.view
        self.breakpoints, self.hits = run.breakpoints, run.hits
        self.places, self.watched = run.places, run.watched
        self.hit: Hit | None = None
        self.closed: tuple[LaneRun, ...] = ()
        self.guesses, self.answered = dict(run.guesses), run.answered
        self.journal: list[Action] = list(run.journal)
        self.recalled = not run.journal
        self.bounds = Bounds()
        self.figures = Figures()
        self._undo: list[_Before] = []
        self._set_lane_runs(run.lane_runs)

    @staticmethod
    def begin(scenario: Scenario, seed: int | None = None) -> Session:
        """A session on a scenario at step 0."""
        seed = scenario.seed if seed is None else seed
        lane_runs = _untrained(scenario, seed)
        return Session(SavedRun(scenario, seed, lane_runs, Cursor(), first_seed=seed, watched=scenario.watch))

    @property
    def cursor(self) -> Cursor:
        """Where the learner stands."""
        return self._cursor

    @cursor.setter
    def cursor(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self.saw(cursor)

    def saw(self, place: Cursor) -> None:
        """A place of the run of this seed was looked at, be it in another lane than those that are open."""
        self._furthest[self.seed] = further(place, self._furthest.get(self.seed, place))

    @property
    def furthest(self) -> Cursor:
        """How far the run of this seed was looked at in this opening, also in lanes that are gone."""
        return further(Cursor(self.reached), self._furthest[self.seed])

    @property
    def seen(self) -> Cursor:
        """How far the run of this seed was looked at, in other openings too."""
        return further(self.furthest, self.memory.seen(self.scenario, self.seed))

    def remember(self) -> None:
        """Let the memory know how far this run was looked at."""
        self.memory.note(self.scenario, self.seed, self.furthest)

    def _set_lane_runs(self, lane_runs: Sequence[LaneRun]) -> None:
        self.lane_runs = tuple(lane_runs)
        self.figures.keep(lane_runs)
        self.lockstep = Lockstep([lane_run.operations for lane_run in self.lane_runs])

    @property
    def reached(self) -> int:
        """The last step that any lane was trained to."""
        return max(lane_run.timeline.reached for lane_run in self.lane_runs)

    @property
    def stopped(self) -> bool:
        """Whether every lane has diverged, so that there is no next step."""
        return all(lane_run.timeline.diverged_at for lane_run in self.lane_runs)

    @property
    def large(self) -> bool:
        """Whether a short move may take long, as a lane has that many samples or units."""
        return any(lane_run.timeline.large for lane_run in self.lane_runs)

    @property
    def slice_length(self) -> int:
        """How many steps all lanes make in a slice of bounded work."""
        return min(lane_run.timeline.slice_length for lane_run in self.lane_runs)

    def position(self, lane: int) -> LanePosition:
        return self.lockstep.lane_position(lane, self.cursor)

    def bound(self, bounds: Bounds) -> None:
        """Hold moves up from now on."""
        self.bounds = bounds

    def allows(self, cursor: Cursor) -> bool:
        """Whether a move may go to a place."""
        done, limit = self.lockstep.operations_done, self.bounds.limit
        return limit is None or done(cursor) <= done(limit)

    def move(self, way: Way) -> None:
        """Go a short way."""
        finished(self.moving(way))

    def moving(self, way: Way) -> Slices[None]:
        """`move` in slices."""
        cursor = way(self.lockstep, self.cursor)
        over = cursor.position is None and self.stopped and cursor.step > self.reached
        if not self.allows(cursor) or (way is Lockstep.into and over):
            return
        inside = self.stop_search().inside if way is Lockstep.next_step else None
        if inside and (hit := (yield from inside.first(self.cursor, cursor.step))):
            yield from self._stop_at(hit)
        elif cursor.position is None:
            yield from self.advance(cursor.step)
        else:
            yield from self._stand(cursor)

    def into(self) -> None:
        """The next operation."""
        self.move(Lockstep.into)

    def look_ahead(self) -> Slices[None]:
        """Make what the next operation shows, where that takes long, without going there."""
        cursor = self.lockstep.into(self.cursor)
        for lane_run in self.lane_runs:
            yield from self.figures.prepare(lane_run, cursor)

    def reach(self, cursor: Cursor) -> None:
        """On by operations to a place of this step."""
        for _ in range(len(self.lockstep)):
            if self.cursor != cursor:
                self.into()

    def out(self) -> None:
        """The operation before."""
        self.move(Lockstep.out)

    def end_of_phase(self) -> None:
        """On to the last operation of the phase under the cursor."""
        self.move(Lockstep.end_of_phase)

    @property
    def epoch(self) -> int:
        """Completed passes over the samples at the cursor: the fewest of the lanes."""
        return min(lane_run.timeline.state_at(self.cursor.step).place.epoch for lane_run in self.lane_runs)

    def go_to_place(self, cursor: Cursor) -> Slices[None]:
        """Go to a place: to an operation of a step where the run has come to that step, and moves may go there."""
        yield from self.advance(cursor.step)
        if cursor.position is not None and self.cursor == Cursor(cursor.step) and self.allows(cursor):
            yield from self._stand(cursor)

    def next_step(self) -> None:
        """Complete the step in progress, or the next one."""
        self.move(Lockstep.next_step)

    def previous_step(self) -> None:
        """Abandon the step in progress, or return to the end of the one before."""
        self.move(Lockstep.previous_step)

    def go_to(self, step: int) -> None:
        """Rest after `step` updates, or where the last lane stopped before."""
        finished(self.advance(step))

    def stop_search(self) -> StopSearch:
        """What looks for the breakpoints that are on, and for what the run is to stop at."""
        awaited, on = [self.bounds.until] if self.bounds.until else [], [one for one in self.breakpoints if one.on]
        after_steps = [one.text for one in on if not one.inside]
        return StopSearch(self.lane_runs, [*after_steps, *awaited], [one.text for one in on if one.inside])

    def run(self, step: int, search: StopSearch) -> Slices[None]:
        """Walk on to a step, or to the first one before at which one of the conditions becomes true."""
        self.hit = None
        while search and self.cursor.step < (last := self.bounds.within(step)) and not self._dead_end():
            target = min(last, self.cursor.step + min(search.window, self.slice_length))
            hit = yield from search.first(self.cursor, target)
            if hit is not None and hit.step <= self.reached + 1:  # nothing happens after the last lane stopped
                yield from self._stop_at(hit)
                return
            yield from self.advance(target)
            yield
        yield from self.advance(step)

    def back(self, step: int, search: StopSearch) -> Slices[None]:
        """Walk back to a step, or to the last one after it and before here at which a condition became true."""
        self.hit = None
        hit = (yield from search.last(step, self.cursor)) if search else None
        yield from self._stop_at(hit) if hit else self.advance(step)

    def run_back(self, search: StopSearch) -> Slices[None]:
        """Walk back to the last place before the cursor at which one of the conditions became true."""
        self.hit = None
        if hit := (yield from search.last_before(self.cursor)):
            yield from self._stop_at(hit)

    def _stop_at(self, hit: Hit) -> Slices[None]:
        """Go to where a breakpoint stops the run."""
        self.hit = hit
        self.hits = tuple(sorted({*self.hits, hit.step}))[-_HITS:]
        yield from self.go_to_place(hit.place)

    def _dead_end(self) -> bool:
        return self.stopped and self.cursor.step >= self.reached

    def advance(self, step: int) -> Slices[None]:
        """Go to a step in slices; forwards the cursor follows, unless what it shows would take long."""
        wanted, step = step, self.bounds.within(max(0, step))
        if step < wanted and step <= self.cursor.step:
            return
        while self.reached < step and not self.stopped:
            target = min(step, self.reached + self.slice_length)
            for lane_run in self.lane_runs:
                yield from lane_run.timeline.advance(target)
            if not self.large:
                self.cursor = Cursor(min(target, self.reached))
        yield from self._stand(Cursor(min(step, self.reached)))

    def _stand(self, cursor: Cursor) -> Slices[None]:
        """Put the cursor where all lanes can be, once all that it shows is there."""
        for lane_run in self.lane_runs:
            yield from lane_run.timeline.advance(cursor.step)
            yield from self.figures.prepare(lane_run, cursor)
        self.cursor = cursor

    def change(
        self, lane_runs: Sequence[LaneRun], note: str, closed: tuple[LaneRun, ...] | None = None
    ) -> Slices[None]:
        """Put other lane runs in place of these, and others aside as closed; `take_back` undoes it."""
        cursor = yield from self._ready(lane_runs, self.cursor)
        self._put_aside(note)
        self.closed = self.closed if closed is None else closed
        self._set_lane_runs(lane_runs)
        self._forget_hits()
        self.cursor = cursor

    def _ready(self, lane_runs: Sequence[LaneRun], cursor: Cursor) -> Slices[Cursor]:
        """Make all that lane runs show at a cursor, or at the end of the step where they have no such place."""
        for lane_run in lane_runs:
            yield from lane_run.timeline.advance(cursor.step)
        reached = max(lane_run.timeline.reached for lane_run in lane_runs)
        last = len(Lockstep([lane_run.operations for lane_run in lane_runs])) - 1
        if cursor.step > reached or (cursor.position or 0) >= last:
            cursor = Cursor(min(cursor.step, reached))
        for lane_run in lane_runs:
            yield from self.figures.prepare(lane_run, cursor)
        return cursor

    def _forget_hits(self) -> None:
        """Forget where breakpoints stopped a run that is no longer this one."""
        self.hit, self.hits = None, tuple(step for step in self.hits if step <= self.reached)

    def start_again(self, seed: int) -> Slices[None]:
        """Start again with another seed; `take_back` brings the run back."""
        lane_runs = _untrained(self.scenario, seed)
        cursor = yield from self._ready(lane_runs, Cursor())
        self._put_aside(f"seed {seed}")
        self.guesses, self.closed = {}, ()
        self.seed, self.cursor = seed, cursor
        self._set_lane_runs(lane_runs)
        self._forget_hits()

    @property
    def undoable(self) -> str:
        """What `take_back` takes back; "" where nothing is recalled that could be."""
        return self._undo[-1].note if self._undo else ""

    def take_back(self) -> Slices[None]:
        """Put back what the last change or new seed put aside; raises ValueError where there was none."""
        if not self._undo:
            raise ValueError("there is nothing to undo")
        before = self._undo[-1]
        for lane_run in before.lane_runs:
            yield from self.figures.prepare(lane_run, before.cursor)
        self._undo.pop()
        self.saw(self.furthest)
        if self.seed != before.seed:
            self.guesses = dict(before.guesses)
        self.seed, self.cursor, self.closed = before.seed, before.cursor, before.closed
        self._set_lane_runs(before.lane_runs)
        self._forget_hits()

    def recall(self, twin: Session) -> None:
        """Take what can be undone from a session in which the same was done; lanes that are here stay as they are."""

        def ours(lane_runs: tuple[LaneRun, ...]) -> tuple[LaneRun, ...]:
            return tuple(
                next((own for own in self.lane_runs if own.same_lane(lane_run)), lane_run) for lane_run in lane_runs
            )

        self.recalled, self.closed = True, twin.closed
        self._undo = [replace(before, lane_runs=ours(before.lane_runs)) for before in twin._undo]

    def look_at(self, front: int, panes: tuple[str, ...]) -> None:
        """Remember which lane is in front, and which panes are chosen."""
        self.view = SavedView(front, panes)

    def set_breakpoints(self, points: tuple[Breakpoint, ...]) -> None:
        """Take other breakpoints."""
        self.breakpoints = points

    def name_places(self, places: tuple[NamedPlace, ...]) -> None:
        """Take other places of the learner's own."""
        self.places = places

    def keep_watch(self, texts: tuple[str, ...]) -> None:
        """Watch other expressions."""
        self.watched = texts

    def stand_at(self, cursor: Cursor) -> None:
        """Put the cursor into the step in progress; raises ValueError where there is no such operation."""
        if cursor.position is not None and cursor.position >= len(self.lockstep):
            raise ValueError(f"there is no operation {cursor.position} in a step")
        self.cursor = cursor

    def take_answer(self, answered: Answered) -> None:
        """Remember what became of an answer about the next number."""
        self.answered = (*self.answered, answered)

    def saved(self) -> SavedRun:
        """All of it, to be kept and opened again."""
        return SavedRun(
            scenario=self.scenario,
            seed=self.seed,
            lane_runs=self.lane_runs,
            cursor=self.cursor,
            breakpoints=self.breakpoints,
            hits=self.hits,
            places=self.places,
            first_seed=self.first_seed,
            journal=tuple(self.journal),
            guesses=dict(self.guesses),
            answered=self.answered,
            view=self.view,
            learner=self.learner,
            name=self.name,
            furthest=self.furthest,
            watched=self.watched,
        )

    def _put_aside(self, note: str) -> None:
        before = _Before(note, self.seed, self.lane_runs, self.closed, dict(self.guesses), self.cursor)
        self._undo.append(before)
        self.saw(self.furthest)
        del self._undo[:-_UNDO_DEPTH]


def _untrained(scenario: Scenario, seed: int) -> tuple[LaneRun, ...]:
    """The lanes of a scenario at step 0."""
    return tuple(LaneRun.begin(lane) for lane in build(scenario, seed))
