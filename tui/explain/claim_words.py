"""A claim asked as a question, from its check: what it compares, and not how that turns out."""

from __future__ import annotations

from scenarios.expressions.expression import Expression


def claim_question(check: Expression, at: int) -> str:
    """What a check is about, as a question: "deep.test_loss against wide.test_loss at step 3,000?".

    Names stand in alphabetical order and without the check's constants, so that nothing tells which is the larger.
    """
    present = {str(quantity) for quantity in check.quantities}
    history = {
        f"the first step that is asked of {quantity}"
        for condition in check.first_steps
        for quantity in condition.quantities
    }
    subjects = [*sorted(present), *sorted(history)] or ["the check"]
    return f"{' against '.join(subjects)} at step {at:,}?"
