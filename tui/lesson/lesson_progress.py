"""How far a learner got in a lesson."""

from __future__ import annotations

from dataclasses import dataclass

Score = tuple[int, int]
"""How many were answered rightly, and how many answered at all."""


@dataclass(frozen=True)
class LessonProgress:
    """One visit to a lesson, or all visits so far.

    stages: how many of the guide's stages, from the first on, are done; of: how many it has, 0 without a guide.
    questions, quiz: the guide's questions and those of the quiz. seconds: spent on it. done: whether the guide
    came to its end; over: and nothing of the quiz is open.
    """

    stages: int = 0
    of: int = 0
    questions: Score = (0, 0)
    quiz: Score = (0, 0)
    seconds: float = 0.0
    done: bool = False
    over: bool = False

    def after(self, visit: LessonProgress) -> LessonProgress:
        """What is known after one more visit: the furthest stage, the newest answers, all the time."""
        return LessonProgress(
            stages=min(max(self.stages, visit.stages), visit.of),
            of=visit.of,
            questions=visit.questions if visit.questions[1] else self.questions,
            quiz=visit.quiz if visit.quiz[1] else self.quiz,
            seconds=self.seconds + visit.seconds,
            done=self.done or visit.done,
            over=self.over or visit.over,
        )
