import pytest

from scenarios.expressions.expression import parse
from scenarios.file.catalog import library_course
from scenarios.file.loader import load
from tui.explain.claim_words import claim_question

LABELS = {"wide": "wide", "deep": "narrow", "a": "a", "b": "b", "c": "c"}


@pytest.mark.parametrize(
    ("check", "question"),
    [
        ("wide.test_loss > 2 * deep.test_loss", "test loss of narrow and wide at step 3,000?"),
        ("deep.test_loss < wide.test_loss / 2", "test loss of narrow and wide at step 3,000?"),
        ("deep.train_loss < 0.02", "train loss of narrow at step 3,000?"),
        ("a.x < b.x and b.x < c.grad_norm[2]", "grad norm 2 of c; x of a and b at step 3,000?"),
        ("first_step(a.x < 1) < 9", "when it comes to x of a at step 3,000?"),
    ],
)
def test_a_claim_is_asked_without_its_outcome(check, question):
    assert claim_question(parse(check), 3000, LABELS) == question


@pytest.mark.parametrize("name", [entry.name for entry in library_course().lessons])
def test_no_question_shows_an_operator_or_a_constant_of_its_check(name):
    scenario = load(name)
    for claim in scenario.claims:
        asked = claim_question(claim.check, claim.at, {lane.id: lane.id for lane in scenario.lanes})
        assert not set("<>=*/+") & set(asked), asked
