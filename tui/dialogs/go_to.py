"""The dialog that asks where to go: a step, the end of a phase or an epoch, where a condition becomes true, or a thing
on the screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from scenarios.errors import quoted
from scenarios.guide import Target
from scenarios.scenario import NamedPlace
from tui.dialogs.field import Field
from tui.dialogs.form import Form

_NOTE = (
    "A step (500), so many from here (+10, -10), phase or epoch for the end of this one, a condition "
    "(deep.train_loss < 0.01): on to the step at which it becomes true; or a weight, bias, gradient or unit to select "
    "(W1[3,1], deep.b2[0], dW1[0,1], z2[3])."
)


def go_to_form(
    step: int,
    last: int,
    check: Callable[[str], object],
    find: Callable[[Target], object],
    places: Mapping[str, NamedPlace],
    names: Sequence[str],
) -> Form[int | str | Target | NamedPlace]:
    """Answers with a step, "phase", "epoch", a place, a condition that `check` takes, or what `find` finds.

    places: those with a name, by it. names: of quantities, to complete conditions with.
    """

    def accept(values: dict[str, str]) -> int | str | Target | NamedPlace:
        text = values["to"] or str(last)
        if text in ("phase", "epoch"):
            return text
        if text in places:
            return places[text]
        target = Target.of(text)
        if target is not None:
            find(target)
            return target
        digits = text.replace(",", "").lstrip("+-")
        if digits.isdecimal() and len(digits) <= 9:
            value = int(digits)
            return {"+": step + value, "-": max(0, step - value)}.get(text[0], value)
        try:
            float(text)
        except ValueError:
            check(text)
            return text
        raise ValueError(f"found {quoted(text)}; allowed: a whole step of at most nine digits")

    note = f"{_NOTE} Places: {', '.join(places)}." if places else _NOTE
    return Form(
        f"go to, from step {step}",
        [Field("to", hint=str(last), words=("phase", "epoch", *places, *names))],
        accept,
        note,
    )
