"""What came of an answer to a question of the guide or the quiz, and words with a run's numbers in them."""

from __future__ import annotations

from scenarios.expressions.expression import Expression
from scenarios.expressions.tree import FirstStep, Quantity
from scenarios.guide import Question, Text
from scenarios.quantities.definitions import is_whole
from tui.lesson.truths import Truth, Truths
from tui.render.numbers import num
from tui.session.actions import AnswerStage

WHOLE = 1e6
"""Up to where a number that was typed is written as a whole one."""
NONE_CLEAR = "This run gives no clear answer."
UNCLEAR = "This run gives no clear answer; it is not scored."


def passed_on(answer: AnswerStage) -> bool:
    """Whether a question was passed on without an answer."""
    return answer.choice is answer.number is None


def is_right(question: Question, choice: int | None, number: float | None, truths: Truths) -> bool | None:
    """Whether an answer is right; None where it is not known, or not exactly one choice is."""
    if question.answer is not None:
        truth = truths.value(question.answer, question.at)
        known = number is not None and truth is not None
        return question.accepts(number or 0.0, float(truth or 0.0)) if known else None
    right = right_choice(question, truths)
    return None if right is None or choice is None else choice == right


def right_choice(question: Question, truths: Truths) -> int | None:
    """The one choice that is right; None where that is not known, or not exactly one is."""
    true = [place for place, one in enumerate(question.choices) if truths.value(one.when, question.at)]
    return true[0] if len(true) == 1 else None


def verdict(question: Question, choice: int | None, number: float | None, truths: Truths, late: str = "") -> str:
    """What came of an answer, in words, with `late` where it would have been scored but for that, and its reply."""
    right = is_right(question, choice, number, truths)
    said = {True: "Right.", False: "Not so.", None: UNCLEAR}[right]
    if question.answer is not None:
        truth = truths.value(question.answer, question.at)
        said = f"You said {plain_number(number or 0.0)}, it is {_shown(question.answer, truth)}. {said}"
    reply = question.reply if choice is None else question.choices[choice].reply
    parts = (said, late if right is not None else "", filled(reply, question.at, truths))
    return " ".join(filter(None, parts))


def told(question: Question, truths: Truths) -> str:
    """What is right, in words, with its reply, for those who gave no answer of their own."""
    if question.answer is not None:
        said = f"It is {_shown(question.answer, truths.value(question.answer, question.at))}."
        return " ".join(filter(None, (said, filled(question.reply, question.at, truths))))
    right = right_choice(question, truths)
    return NONE_CLEAR if right is None else filled(question.choices[right].reply, question.at, truths)


def filled(text: Text, at: int | None, truths: Truths) -> str:
    """Words with the run's numbers in them."""

    def part(one: str | Expression) -> str:
        if isinstance(one, str):
            return one
        return _shown(one, truths.value(one, at)) if at is not None else ""

    return "".join(map(part, text.parts))


def plain_number(value: float) -> str:
    """A number as one types it: whole ones without a point."""
    return f"{value:.0f}" if value == round(value) and abs(value) < WHOLE else num(value)


def _shown(expression: Expression, truth: Truth) -> str:
    """What an expression is worth, a whole number without a point."""
    if isinstance(truth, bool):
        return "yes" if truth else "no"
    if truth is None:
        return "…"
    counted = bool(expression.first_steps) and float(truth).is_integer()
    whole = counted or (isinstance(expression.root, FirstStep | Quantity) and is_whole(expression.text))
    return f"{truth:,.0f}" if whole else num(truth)
