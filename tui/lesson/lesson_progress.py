"""How far a learner got in a lesson."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Score = tuple[int, int]
"""How many were answered rightly, and how many answered at all."""
Marks = Mapping[int, bool]
"""By a question's number, whether its last answer that was scored was right."""


def score_of(marks: Marks) -> Score:
    """How many were right, and how many there are."""
    return sum(marks.values()), len(marks)


@dataclass(frozen=True)
class LessonProgress:
    """One visit to a lesson, or all visits so far.

    stages: how many of the guide's stages, from the first on, are done; of: how many it has, 0 without a guide.
    guide_marks, quiz_marks: of the guide's questions, by their stages, and of those of the quiz. seconds: spent on it.
    done: whether the guide came to its end; over: and nothing of the quiz is open.
    """

    stages: int = 0
    of: int = 0
    guide_marks: Marks = field(default_factory=dict)
    quiz_marks: Marks = field(default_factory=dict)
    seconds: float = 0.0
    done: bool = False
    over: bool = False

    def after(self, visit: LessonProgress) -> LessonProgress:
        """What is known after one more visit: the furthest stage, the newest answer to each question, all the time."""
        return LessonProgress(
            stages=min(max(self.stages, visit.stages), visit.of),
            of=visit.of,
            guide_marks={**self.guide_marks, **visit.guide_marks},
            quiz_marks={**self.quiz_marks, **visit.quiz_marks},
            seconds=self.seconds + visit.seconds,
            done=self.done or visit.done,
            over=self.over or visit.over,
        )
