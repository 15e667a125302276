"""What is said of a quantity while it is typed."""

from __future__ import annotations

import pytest

from scenarios.quantities.definitions import QUANTITIES, meaning_in


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("deep.train_loss", "train_loss"),
        ("deep.train_loss < 0.1 and step", "step"),
        ("any.grad_norm[2] > 1e3", "grad_norm"),
        ("first_step(wide.batch_loss < 1)", "batch_loss"),
    ],
)
def test_the_quantity_named_last_is_explained(text: str, named: str) -> None:
    assert meaning_in(text) == f"{named}: {QUANTITIES[named].meaning}"


@pytest.mark.parametrize("text", ["", "deep.", "deep.train_los", "1 < 2", "learning"])
def test_where_none_is_named_nothing_is_said(text: str) -> None:
    assert meaning_in(text) == ""
