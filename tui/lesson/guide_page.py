"""The open page of a guide: what it says and asks, what it waits for, what came of an answer."""

from __future__ import annotations

from dataclasses import replace

from scenarios.guide import Question, Stage, StepReached, Text, Until
from tui.keymap.own_keys import keyed
from tui.lesson.answers import filled, passed_on, plain_number, right_choice, told, verdict
from tui.lesson.guide import Guide
from tui.lesson.variation_quiz import Quiz
from tui.lesson.waiting import wanted, way
from tui.session.frame import GuideView


def page_of(guide: Guide) -> GuideView | None:
    """The page that is open; None where the guide is off."""
    if not guide.on:
        return None
    reply = guide.reply
    return _reply(guide, reply) if reply is not None else _page(guide)


def after_the_last(quiz: Quiz, trains: bool) -> str:
    """What comes after the last page, in words; trains: whether something is trained meanwhile."""
    if trains:
        return "training · esc stops it"
    if quiz.open(before=False):
        return keyed("{next_stage} or {quiz} asks the quiz")
    return keyed("done · {open} opens another lesson")


def _page(guide: Guide) -> GuideView:
    stage, number, done, cursor = guide.stage, guide.number, guide.done, guide.session.cursor
    page = GuideView(number + 1, guide.marks, stage.title, targets=stage.point)
    if not number:
        page = replace(page, ask=guide.session.scenario.question)
    if stage.question is not None:
        return _question(guide, page, stage.question)
    awaited = _awaited(guide)
    waits = "" if done or awaited is None else wanted(awaited, cursor)
    waits = waits.partition(" · ")[0] if guide.hinted else waits  # the hint has the keys
    page = replace(page, met=done and stage.until is not None, tells=guide.reply_at_hand is not None)
    ahead = stage.at is not None and cursor.step < stage.at
    say = "" if ahead else filled(_says(guide, stage), stage.at, guide.truths)
    return replace(page, say=say, waits=waits, hint=_hint(guide) if guide.hinted and not done else "")


def _question(guide: Guide, page: GuideView, question: Question) -> GuideView:
    """The page of a question, open or answered."""
    asked = replace(page, ask=question.ask, choices=tuple(choice.say for choice in question.choices))
    if guide.asking:
        hint = _hint(guide) if guide.hinted else ""
        waits = "a show of hands" if guide.by_hands else keyed("your answer · {predict}")
        return replace(asked, waits=waits, asking=True, hint=hint)
    answer, known = guide.answers[guide.number], guide.knows(guide.number)
    skipped = passed_on(answer) and not guide.by_hands
    said = f"You said {plain_number(answer.number)}." if answer.number is not None else ""
    say = "You skipped it." if skipped else _verdict(guide, guide.number) if known else said
    after = "" if known or skipped else keyed(f"step {question.at:,} tells · {{next_stage}} goes on")
    return replace(asked, chosen=answer.choice, right=right_choice(question, guide.truths), say=say, after=after)


def _reply(guide: Guide, number: int) -> GuideView:
    question = guide.stages[number].question
    assert question is not None
    return GuideView(
        guide.number + 1,
        guide.marks,
        f"Told: {guide.stages[number].title}",
        say=_verdict(guide, number),
        ask=question.ask,
        choices=tuple(choice.say for choice in question.choices),
        chosen=guide.answers[number].choice,
        right=right_choice(question, guide.truths),
        targets=guide.stages[number].point,
    )


def _verdict(guide: Guide, number: int) -> str:
    """What came of an answer, in words."""
    question, answer = guide.stages[number].question, guide.answers[number]
    assert question is not None
    if passed_on(answer):
        return told(question, guide.truths)
    late = "It had been seen before, and is not scored." if answer.late else ""
    return verdict(question, answer.choice, answer.number, guide.truths, late)


def _says(guide: Guide, stage: Stage) -> Text:
    """What a stage says in this run; nothing before it is known whether it holds."""
    if stage.holds is None or stage.at is None:
        return stage.say
    if not guide.truths.known(stage.holds, stage.at):
        return Text()
    return stage.say if guide.truths.value(stage.holds, stage.at) else stage.otherwise


def _hint(guide: Guide) -> str:
    return (guide.stage.hint or way(_awaited(guide))) + keyed("  {next_stage} passes on.")


def _awaited(guide: Guide) -> Until | None:
    """What the open stage waits for: first for the step that it is about."""
    stage = guide.stage
    if stage.at is not None and stage.question is None and guide.session.cursor.step < stage.at:
        return StepReached(stage.at)
    return stage.until
