"""The dialog that asks where to go: a step, the end of a phase or an epoch, or where a condition becomes true."""

from __future__ import annotations

from collections.abc import Callable

from tui.dialogs.field import Field
from tui.dialogs.form import Form

_NOTE = """A step (500), so many from here (+10, -10), phase or epoch for the end of this one,
or a condition (deep.train_loss < 0.01): on to the step at which it becomes true."""


def go_to_form(step: int, last: int, check: Callable[[str], object]) -> Form[int | str]:
    """Answers with a step, "phase", "epoch", or a condition that `check` raises nothing for."""

    def accept(values: dict[str, str]) -> int | str:
        text = values["to"] or str(last)
        if text in ("phase", "epoch"):
            return text
        digits = text.replace(",", "").lstrip("+-")
        if digits.isdecimal() and len(digits) <= 9:
            value = int(digits)
            return {"+": step + value, "-": max(0, step - value)}.get(text[0], value)
        try:
            float(text)
        except ValueError:
            check(text)
            return text
        raise ValueError("allowed: a whole step of at most nine digits")

    return Form(f"go to, from step {step}", [Field("to", hint=str(last), words=("phase", "epoch"))], accept, _NOTE)
