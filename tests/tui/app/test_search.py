"""What typing a word finds, and in which order."""

import pytest

from scenarios.file.catalog import library_course, told_by_guide
from tui.app.search import Searched, ranked


def found(query, *lessons):
    return [lessons[number].name for number in ranked(lessons, query)]


@pytest.fixture(scope="module")
def library():
    return [
        Searched(one.name, one.title, one.question, one.chapter, f"{one.text}\n{told_by_guide(one)}")
        for one in library_course().lessons
    ]


def test_a_name_comes_before_a_title_before_a_question_before_a_chapter_before_a_text():
    lessons = (
        Searched("e", text="decay decay decay decay decay decay decay decay decay decay decay decay"),
        Searched("d", chapter="On decay"),
        Searched("c", question="Why decay?"),
        Searched("b", title="Decay"),
        Searched("decay-of-weights"),
        Searched("f", text="nothing of it"),
    )
    assert found("decay", *lessons) == ["decay-of-weights", "b", "c", "d", "e"]


def test_an_ending_in_a_higher_place_comes_before_the_word_itself_in_a_lower_one():
    lessons = (Searched("a", question="vanishes"), Searched("b", title="vanishing"))
    assert found("vanishes", *lessons) == ["b", "a"]


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("vanish", "vanishing"),
        ("vanishing", "vanishes"),
        ("saturation", "saturates"),
        ("generalization", "generalizing"),
        ("Optimizers", "optimizer"),
        ("sat", "saturates"),
        ("RELU", "ReLUs"),
        ("by-hand", "by hand"),
    ],
)
def test_beginnings_other_endings_and_capitals_fit(query, word):
    assert found(query, Searched("it", text=word), Searched("other", text="unlike")) == ["it"]


@pytest.mark.parametrize(("query", "word"), [("tanh", "than"), ("norm", "abnormal"), ("test", "tent"), ("bats", "bat")])
def test_other_words_do_not_fit(query, word):
    assert found(query, Searched("it", text=word)) == (["it"] if query == "bats" else [])


def test_all_words_must_be_there_and_each_adds():
    lessons = (Searched("tent-map", text="random"), Searched("tent-random"), Searched("random-features"))
    assert found("tent ran", *lessons) == ["tent-random", "tent-map"]


def test_who_says_a_word_more_often_comes_first_of_equals_and_else_the_order_stays():
    lessons = (Searched("a", text="noise"), Searched("b", text="noise and noise"), Searched("c", text="noise"))
    assert found("noise", *lessons) == ["b", "a", "c"]


def test_another_word_for_a_thing_finds_it_after_the_word_itself():
    lessons = (Searched("a", text="the backward pass"), Searched("b", text="backprop"))
    assert found("backprop", *lessons) == ["b", "a"]


@pytest.mark.parametrize("query", ["backprop", "vanish", "vanishing gradient"])
def test_the_library_s_lesson_on_vanishing_gradients(library, query):
    assert library[ranked(library, query)[0]].name == "vanishing-gradients"


def test_the_library_s_lessons_on_optimizers(library):
    names = [library[number].name for number in ranked(library, "adam")]
    assert names[:2] == ["optimizers", "valley-momentum"]


@pytest.mark.parametrize("number", range(len(library_course().lessons)))
def test_every_lesson_is_the_first_that_its_name_finds(library, number):
    assert ranked(library, library[number].name)[0] == number


def test_a_word_that_nobody_says_finds_nothing(library):
    assert ranked(library, "xylophone") == []
