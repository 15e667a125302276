"""The quiz as a table: questions, answers, what was right, before the lesson and after it."""

from __future__ import annotations

import csv
from io import StringIO

from tui.lesson.variation_quiz import Quiz

COLUMNS = ("scenario", "seed", "when", "question", "changed", "ask", "answer", "truth", "right")


def quiz_csv(quiz: Quiz) -> str:
    """A row for each answer; right is 1, 0, or nothing where it is not scored. Its variations were trained."""
    text = StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    scenario = quiz.session.scenario.name
    for one in quiz.marked():
        when, right = "before" if one.before else "after", "" if one.right is None else int(one.right)
        seed = quiz.asked[one.number].variation.seed
        rows.writerow((scenario, seed, when, one.number + 1, one.changed, one.ask, one.answer, one.truth, right))
    return text.getvalue()
