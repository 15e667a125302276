"""Files of a run, and of the screen, written into the folder that gradstep was started in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from tui.keymap.own_keys import keyed
from tui.simulator.screen import SimulatorScreen
from tui.simulator.task import ask, run


async def export(screen: SimulatorScreen) -> None:
    """Save the run, or write something of it."""
    from tui.dialogs.menu import Menu
    from tui.exports.exports import EXPORTS, LESSON_RUN
    from tui.lesson.recording import late_words

    try:
        folder = Path.cwd()
    except OSError as error:
        text = f"the folder that gradstep was started in cannot be written to: {error.strerror}"
        screen.say(text, error=True)
        return
    answers = {export.key: export.what for export in EXPORTS}
    answers |= {"v": "this screen as a picture (.svg)", "t": "this screen as text (.txt)"}
    answers |= {"a": "a moving picture of steps, for asciinema (.cast)"}
    answers |= {"q": "the quiz: questions, answers and what was right (.csv)"} if screen.quiz.asked else {}
    answer = await ask(Menu(f"Save or export, into {folder}", answers))
    if answer in ("v", "t"):
        screen.call_after_refresh(_make, screen, lambda: _screen_file(screen, folder, answer))
    elif answer == "a":
        await _write_film(screen, folder)
    elif answer == "q":
        await _write_quiz(screen, folder)
    elif answer is not None:
        chosen = next(export for export in EXPORTS if export.key == answer)
        if answer == LESSON_RUN and not await _named(screen):
            return
        late = late_words(screen.session) if answer == LESSON_RUN else ""
        _make(screen, lambda: chosen.make(screen.session, screen.frame(), folder), late)


async def _named(screen: SimulatorScreen) -> bool:
    """Ask for the learner's name, where nobody said it; it may be left empty. False where that is left by esc."""
    from tui.dialogs.field import Field
    from tui.dialogs.form import Form
    from tui.session.actions import checked_label

    if screen.session.learner:
        return True

    def accept(values: dict[str, str]) -> str:
        return checked_label(values["name"]) if values["name"] else ""

    note = "The lesson run names you, as your teacher asked for it. It may be left empty."
    name = await ask(Form("whose lesson run is it?", [Field("name", "", "name or number")], accept, note))
    if name is not None:
        screen.host.learner = screen.session.learner = name
    return name is not None


async def _write_film(screen: SimulatorScreen, folder: Path) -> None:
    """A range of steps as the screen shows them, one after the other."""
    from tui.exports.exports import stem, write
    from tui.simulator.tasks.film import film

    made = await film(screen)
    if made is not None:
        called = stem(screen.session, screen.session.cursor.step, "film")
        _make(screen, lambda: write(screen.session, folder, called, lambda _: {".cast": made.cast}))


async def _write_quiz(screen: SimulatorScreen, folder: Path) -> None:
    """The answers to the quiz, once all variations that they are about are trained again."""
    from tui.exports.exports import stem, write
    from tui.exports.quiz import quiz_csv

    quiz = screen.quiz
    for number in quiz.untold():
        await run(quiz.training(number), "training what the quiz asks about")
    if quiz.answers(True) or quiz.answers(False):
        called = stem(quiz.session, quiz.session.cursor.step, "quiz")
        _make(screen, lambda: write(quiz.session, folder, called, lambda _: {".csv": quiz_csv(quiz)}))
    else:
        screen.say(keyed("no question of the quiz was answered yet: {quiz} asks them"))


def _make(screen: SimulatorScreen, make: Callable[[], Sequence[Path]], note: str = "") -> None:
    """Make files and say their names, with a note, or why there are none."""
    from scenarios.atomic_write import WriteError
    from tui.archive.errors import SharingError

    try:
        paths = make()
    except (WriteError, SharingError) as error:
        screen.say(str(error), error=True)
        return
    screen.say(f"written: {', '.join(path.name for path in paths)}{note}")


def _screen_file(screen: SimulatorScreen, folder: Path, kind: str) -> Sequence[Path]:
    """The screen written into a folder as it stands; `kind` is v for a picture, t for text."""
    from tui.exports.exports import stem, write

    called = stem(screen.session, screen.session.cursor.step)
    text = "\n".join(strip.text.rstrip() for strip in screen._compositor.render_strips()) + "\n"
    made = {".svg": screen.app.export_screenshot()} if kind == "v" else {".txt": text}
    return write(screen.session, folder, called, lambda _: made)
