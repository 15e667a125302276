import pytest

from scenarios.expressions.expression import parse
from scenarios.file.catalog import library_course
from scenarios.file.loader import load
from tui.explain.claim_words import claim_question


@pytest.mark.parametrize(
    ("check", "question"),
    [
        ("wide.test_loss > 2 * deep.test_loss", "deep.test_loss against wide.test_loss at step 3,000?"),
        ("deep.test_loss < wide.test_loss / 2", "deep.test_loss against wide.test_loss at step 3,000?"),
        ("deep.train_loss < 0.02", "deep.train_loss at step 3,000?"),
        ("a.x < b.x and b.x < c.grad_norm[2]", "a.x against b.x against c.grad_norm[2] at step 3,000?"),
        ("first_step(a.x < 1) < 9", "the first step that is asked of a.x at step 3,000?"),
    ],
)
def test_a_claim_is_asked_without_its_outcome(check, question):
    assert claim_question(parse(check), 3000) == question


@pytest.mark.parametrize("name", [entry.name for entry in library_course().lessons])
def test_no_question_shows_an_operator_or_a_constant_of_its_check(name):
    for claim in load(name).claims:
        asked = claim_question(claim.check, claim.at)
        assert not set("<>=*/+") & set(asked), asked
