"""The learner's guesses: at the lesson's questions, and at the next number of a step."""

from __future__ import annotations

from scenarios.quantities.lookup import is_comparison
from scenarios.scenario import Prediction
from tui.dialogs.field import Field
from tui.keymap.own_keys import keyed
from tui.lesson.verdicts import choices_of
from tui.session.actions import Predict, do
from tui.session.guesses import Guess, read_number
from tui.simulator.screen import SimulatorScreen
from tui.simulator.task import ask


async def predict(screen: SimulatorScreen) -> None:
    """Ask the lesson's next question, or inside a step what the next number will be; esc skips either."""
    questions = screen.verdicts.open_questions()
    if questions and screen.session.cursor.position is None:
        await _ask_lesson(screen, questions[0])
    elif page := _asked_later(screen):
        screen.say(keyed(f"the lesson asks this on page {page}: {{next_stage}} turns the pages"))
    else:
        await _ask_next(screen)


def _asked_later(screen: SimulatorScreen) -> int | None:
    """The page that asks what stands on the first page, while that is open at a whole step."""
    guide = screen.guide
    if not guide.on or guide.number or screen.session.cursor.position is not None:
        return None
    asked = (number for number, stage in enumerate(guide.stages, 1) if stage.question)
    return next((number for number in asked if number - 1 not in guide.answers), None)


async def _ask_lesson(screen: SimulatorScreen, number: int) -> None:
    prediction = screen.session.scenario.predictions[number]
    title = f"predict step {prediction.at:,}"
    guess = await (_choose if is_comparison(prediction.answer) else _type)(screen, prediction, title)
    if guess is not None:
        do(screen.session, Predict(number, guess))
        screen.say(screen.verdicts.lines()[number])
        screen.moved()


async def _choose(screen: SimulatorScreen, prediction: Prediction, title: str) -> Guess | None:
    """Which of the answers in words; None where none was given."""
    from tui.dialogs.question import Choose

    choices = choices_of(prediction.answer)
    choice = await ask(Choose(title, prediction.ask, list(choices), screen.panes.box))
    return None if choice is None else list(choices.values())[choice]


async def _type(screen: SimulatorScreen, prediction: Prediction, title: str) -> Guess | None:
    """A number, near enough to the true one as it says; None where none was typed."""
    from tui.dialogs.question import Type

    hint = f"{prediction.accuracy}: a number or arithmetic"
    return await ask(Type(title, prediction.ask, hint, read_number, screen.panes.box))


async def _ask_next(screen: SimulatorScreen) -> None:
    from tui.dialogs.form import Form
    from tui.lesson.quiz import answer, next_question

    session, number, about = screen.session, screen.panes.front, screen.panes.selected_subject
    await screen.finish(session.look_ahead(), "computing what comes next…")
    question = next_question(session, screen.builder, number, about)
    if question is None:
        screen.say(f"{screen.label} has stopped: nothing comes next")
        return
    if question.by_sign:
        field = Field("its sign", hint="+, - or 0, or a number of that sign; esc skips")
    else:
        field = Field("the number", hint="esc skips")
    note = "\n".join((*question.lines[:-1], f"{question.lines[-1]} = ?"))
    value = await ask(Form("predict: the next number", [field], lambda values: question.read(values[field.name]), note))
    if value is not None:
        answer(session, number, about, question, value)
        session.reach(question.cursor)
        right, asked = screen.verdicts.score
        late = "  It had been seen before, and is not scored." * session.answered[-1].late
        screen.say(f"{question.told(value)}{late}  Score {right} of {asked}.")
        screen.moved()
