"""The guide's stages: turned to, answered, followed or left."""

from __future__ import annotations

from scenarios.guide import LookedAt, Question
from tui.keymap.own_keys import keyed
from tui.panes.layout import PaneId
from tui.panes.marks import pane_of
from tui.panes.registry import SHARED
from tui.session.cursor import Bounds, Cursor
from tui.session.guesses import read_number
from tui.simulator.screen import SimulatorScreen
from tui.simulator.task import ask, run


async def open_stage(screen: SimulatorScreen) -> None:
    """Take the cursor where the stage that has opened wants it, and show its panes."""
    session, place = screen.session, screen.guide.place
    screen.said.no_more()  # what was said was about the page before
    if place is not None and place != session.cursor:
        session.bound(Bounds())
        await run(session.advance(place.step))
        if place.position is not None and session.cursor.step == place.step:
            session.stand_at(Cursor(place.step, place.position))
    if screen.guide.stage.panes:
        screen.panes.deselect(screen.guide.stage.panes)
    show_stage(screen)
    screen.remember()  # a terminal that is closed leaves no time to


def show_stage(screen: SimulatorScreen) -> None:
    """Show the panes of the open stage, the one that it wants entered in focus."""
    changed = screen.choose_stage_panes()
    screen.guide.opened()
    pane = _to_enter(screen)
    if pane is not None:
        screen.panes.focus_on(pane)
    if changed or pane is not None:
        screen.place_panes()
    else:
        screen.moved()


def _to_enter(screen: SimulatorScreen) -> PaneId | None:
    """The pane in which the open stage wants something selected."""
    guide = screen.guide
    until = guide.stage.until if guide.on and not guide.done else None
    if not isinstance(until, LookedAt):
        return None
    kind = pane_of(until.target)
    ids = [lane_run.lane.id for lane_run in screen.session.lane_runs]
    lane = ids.index(until.target.lane) if until.target.lane in ids else screen.panes.front
    return PaneId(kind, None if kind in SHARED else lane)


async def forward(screen: SimulatorScreen) -> None:
    """To the next stage; an unfinished one shows its hint first, and after the last one comes the quiz.

    What came of an answer is told before.
    """
    guide = screen.guide
    if guide.finished and guide.reply is None and not guide.owes_reply and screen.quiz.open(before=False):
        from tui.simulator.tasks.quiz import take

        await take(screen)
    elif guide.forward():
        await open_stage(screen)
    else:
        screen.moved()


async def back(screen: SimulatorScreen) -> None:
    """To the stage before."""
    if screen.guide.back():
        await open_stage(screen)


OFF = "the guide is off in this lesson: {guide} brings it back, {guide_everywhere} switches it off in all"
OFF_EVERYWHERE = "the guide is off in all lessons: {guide} brings it back in one, {guide_everywhere} in all"
ON_EVERYWHERE = "the guide is on in all lessons"


async def switch(screen: SimulatorScreen) -> None:
    """The guide on or off in this lesson."""
    if screen.guide.stages:
        on = not screen.guide.on
        screen.host.choose_guide(screen.session.scenario, on)
        await _follow(screen, on, OFF)
    else:
        screen.say("this scenario has no guide")


async def switch_everywhere(screen: SimulatorScreen) -> None:
    """The guide on or off in all lessons, for good."""
    scenario = screen.session.scenario
    on = not (screen.guide.on if screen.guide.stages else screen.host.follows_guide(scenario))
    screen.host.choose_guide(None, on)
    await _follow(screen, on, OFF_EVERYWHERE)
    if on:
        screen.say(ON_EVERYWHERE)


async def _follow(screen: SimulatorScreen, on: bool, off: str) -> None:
    """Follow the guide of this lesson, or leave it and say so."""
    if screen.guide.on != on:
        screen.guide.switch()
    if screen.guide.on:
        await open_stage(screen)
    elif not on:
        screen.say(keyed(off))
        screen.place_panes()


async def answer(screen: SimulatorScreen) -> None:
    """Ask the open question in the place of the guide's box, then for the learner's reason; esc leaves it open."""
    guide, stage = screen.guide, screen.guide.stage
    question, number = stage.question, guide.number
    assert question is not None
    explains = stage.why and not guide.by_hands  # a class gives its reasons aloud, and nothing of it is kept
    if not await (_choose if question.choices else _type)(screen, question, "why" if explains else ""):
        return
    screen.remember()  # whatever comes next
    if explains:
        from tui.dialogs.question import Type

        title, why = "your reason, in one line", "Why? It is kept with the run, and not graded."
        above = (question.ask, f"You said: {guide.in_words(number)}")
        reason = await ask(Type(title, why, "", str, screen.panes.box, above=above))
        if reason:
            guide.explain(number, reason)
    screen.moved()
    screen.remember()  # a terminal that is closed leaves no time to


async def _choose(screen: SimulatorScreen, question: Question, then: str) -> bool:
    """Whether a choice was made."""
    from tui.dialogs.question import Choose

    guide, says = screen.guide, [choice.say for choice in question.choices]
    choice = await ask(Choose(guide.stage.title, question.ask, says, screen.panes.box, then))
    if choice is not None:
        guide.answer(choice=choice)
    return choice is not None


async def _type(screen: SimulatorScreen, question: Question, then: str) -> bool:
    """Whether a number was typed."""
    from tui.dialogs.question import Type

    guide, hint = screen.guide, f"{question.accuracy}: a number or arithmetic"
    number = await ask(Type(guide.stage.title, question.ask, hint, read_number, screen.panes.box, then))
    if number is not None:
        guide.answer(number=number)
    return number is not None
