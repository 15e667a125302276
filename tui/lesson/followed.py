"""How far the guide came in a lesson run that is repeated, as the app counted it when the run was made.

The app looks after each move. A lesson run has but the places where something was done, and how far it was seen by
then: whoever has seen further than at the entry before has stood there in between.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nncore.slices import finished
from scenarios.expressions.expression import Expression
from scenarios.guide import CheckHolds
from tui.lesson.guide import Guide
from tui.lesson.truths import Truths
from tui.session.actions import NewSeed, Turn
from tui.session.breakpoints import Watch
from tui.session.cursor import Bounds, Cursor
from tui.session.seen import further, order
from tui.session.session import Session
from tui.session.snapshot import Action


class Followed:
    """The guide of a session in which a lesson run is repeated.

    done: how many of its stages were done, at most. Only on the page that was come to last it is looked what was met:
    those before it were gone through.
    """

    def __init__(self, session: Session, actions: Sequence[Action]) -> None:
        self.done = 0
        self._session, self._truths = session, Truths(session)
        self._last = max((action.stage for action in actions if isinstance(action, Turn)), default=0)
        self._guide = Guide(session, self._truths)
        session.bound(Bounds())

    @property
    def stages(self) -> tuple[int, int]:
        """How many stages are done, and how many there are."""
        return self.done, len(self._guide.stages)

    def looks(self, seen: Cursor) -> None:
        """Look at the session where an entry is about to be done, by when it was seen up to a place, or at its end."""
        if not self._guide.stages:
            return
        session, here = self._session, self._session.cursor
        self._guide.looks(0)
        entry = session.journal[-1] if session.journal else None
        if isinstance(entry, Turn) and (opens := self._guide.place) is not None:
            session.stand_at(opens)
            self._guide.opened()
        for place in self._places(here, seen, entry) if self._guide.number == self._last else ():
            session.stand_at(place)
            self._measure(place.step)
            self._guide.looks(0)
            self.done = max(self.done, self._guide.stages_done)
        session.stand_at(here)
        session.bound(Bounds())

    def _places(self, here: Cursor, seen: Cursor, entry: Action | None) -> Iterator[Cursor]:
        """Where the learner has stood since an entry: as far as is known, and where what is awaited halts who plays."""
        yield here
        anew = entry is None or isinstance(entry, NewSeed)
        walked = further(here, seen) if anew or order(seen) > order(_seen(entry)) else here
        if (walked.position or 0) < len(self._session.lockstep):
            yield walked
        if (check := self._awaited) is not None:
            begun = 0 if entry is None or anew or entry.at is None else min(entry.at[0], here.step)
            watch = Watch.of(self._session.lane_runs, check)
            halted = finished(watch.first_true_slices(begun, min(walked.step, self._most)))
            if halted is not None:
                yield Cursor(halted)

    @property
    def _awaited(self) -> Expression | None:
        """What the open page waits for, where that has to be measured and was not found yet."""
        until, met = self._guide.stage.until, self._guide.met
        if met is not None or not isinstance(until, CheckHolds) or not self._truths.has_lanes(until.check):
            return None
        return until.check

    @property
    def _most(self) -> int:
        """The last step that is measured: a file may say that more was seen than was ever made."""
        return max(self._session.reached, self._session.scenario.steps)

    def _measure(self, step: int) -> None:
        """Find out whether what is awaited holds at a step."""
        if (check := self._awaited) is not None and step <= self._most:
            finished(self._truths.telling(check, step))


def _seen(entry: Action | None) -> Cursor:
    return Cursor(*entry.seen) if entry is not None and entry.seen else Cursor()
