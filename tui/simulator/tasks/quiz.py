"""The quiz: its questions asked one after the other, once their variations were trained."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from tui.keymap.own_keys import keyed
from tui.lesson.lesson_progress import score_of
from tui.lesson.variation_quiz import Quiz
from tui.session.guesses import read_number
from tui.session.session import Session
from tui.simulator.screen import SimulatorScreen
from tui.simulator.task import ask, run
from tui.simulator.tasks.scenario import put_in_place


async def take(screen: SimulatorScreen) -> None:
    """Ask what is open of the quiz, before the lesson or after it; esc leaves the rest for later."""
    quiz, before = screen.quiz, screen.before_lesson
    if not quiz.asked:
        screen.say("this scenario has no quiz")
        return
    asked = quiz.open(before)
    for number in asked:
        await run(quiz.training(number), partial(_training, quiz, asked))
    for number in asked:
        given = await _asked(screen, quiz, number, before)
        if given != "on":
            if given == "open":
                put_in_place(screen, Session(quiz.run(number).saved()))  # the quiz keeps its own as it is
                screen.say(keyed("the variation that was asked about   ({undo} brings the lesson back)"))
            return
    screen.say(_summary(quiz))


async def _asked(screen: SimulatorScreen, quiz: Quiz, number: int, before: bool) -> str | None:
    """Ask a question and tell what came of it: "on", "open" where its variation is to be looked at, None to stop."""
    from tui.dialogs.question import Choose, Type
    from tui.dialogs.told import Told

    question = quiz.asked[number].question
    title = f"quiz {number + 1} of {len(quiz.asked)}{' · before the lesson' if before else ''}"
    place = screen.panes.box
    if question.choices:
        choice = await ask(Choose(title, question.ask, [one.say for one in question.choices], place))
        if choice is None:
            return None
        quiz.answer(number, before, choice=choice)
    else:
        hint = f"{question.accuracy}: a number or arithmetic"
        value = await ask(Type(title, question.ask, hint, read_number, place))
        if value is None:
            return None
        quiz.answer(number, before, value=value)
    screen.moved()
    screen.remember()  # whatever comes next
    given = quiz.answers(before)[number]
    return await ask(Told(title, question.ask, _lines(screen, quiz, number, given.choice), quiz.told(given), place))


def _training(quiz: Quiz, asked: Sequence[int]) -> str:
    """How far the variations are trained that are asked about, and nothing of how long each of them takes."""
    done = sum(quiz.run(number).cursor.step for number in asked)
    return f"training for the quiz: {done / max(sum(quiz.asked[number].question.at for number in asked), 1):.0%}"


def _lines(screen: SimulatorScreen, quiz: Quiz, number: int, chosen: int | None) -> list[str]:
    """The choices, one a line, with marks at the right one and at a wrong answer."""
    right, good, bad = quiz.right_choice(number), *(("v", "x") if screen.look.ascii else ("✓", "✗"))
    return [
        f"{good if place == right else bad if place == chosen else ' '} {place + 1} {choice.say}"
        f"{' · yours' if place == chosen else ''}"
        for place, choice in enumerate(quiz.asked[number].question.choices)
    ]


def _summary(quiz: Quiz) -> str:
    """How many were right, before the lesson and after it."""
    parts = []
    for before, when in ((True, "before the lesson"), (False, "after the lesson")):
        right, of = score_of(quiz.marks(before))
        if quiz.answers(before):
            parts.append(f"{when} {right} of {of} right")
    return f"quiz {', '.join(parts)}" + keyed("; {export}, then q writes the answers to a file")
