"""Finds lessons by words: of their names first, then titles, questions, and all else that they say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

WEIGHTS = {"name": 8.0, "title": 4.0, "question": 2.0, "chapter": 1.5, "text": 1.0}
"""What a word counts where it stands; a place more than the next one, however well the word fits there."""
EXACT, PREFIX, STEM, RELATED = 1.0, 0.9, 0.8, 0.45
"""How well a word fits: itself, its beginning, another ending, another word for the thing."""
ELSEWHERE, FIRST, OFTEN, OFTEN_ENOUGH = 0.05, 0.1, 0.01, 9
"""What a word counts besides: of its worth in other places; as the first of a name; each time that it is said, up to
how many."""
OTHER_WORDS = {
    "adam": ("momentum", "optimizer"),
    "backprop": ("gradients", "backward", "propagation"),
    "backpropagation": ("gradients", "backward", "propagation"),
    "initialization": ("start", "starting"),
    "lr": ("learning",),
    "optimizer": ("momentum", "adam"),
    "regularization": ("decay", "penalty", "overfitting"),
    "relu": ("kink",),
    "sgd": ("stochastic",),
}
"""What courses and programs call a thing, and the words for it here."""

_WORD = re.compile(r"[^\W_]+")
_ENDINGS = (
    *("izations", "ization", "izing", "izers", "izer", "ations", "ation", "ings", "ing"),
    *("ions", "ion", "ies", "ers", "er", "ed", "es", "s", "e", "y"),
)
"""The longest first."""
_SHORTEST_STEM = 3
_SHORTEST_SHARED = 4


@dataclass(frozen=True)
class Searched:
    """What of a lesson is searched. text: its background text and what its guide says."""

    name: str
    title: str = ""
    question: str = ""
    chapter: str = ""
    text: str = ""

    @cached_property
    def words(self) -> Mapping[str, Counter[str]]:
        """By place, how often each word stands there."""
        return {place: Counter(words(getattr(self, place))) for place in WEIGHTS}


def ranked(lessons: Sequence[Searched], query: str) -> list[int]:
    """The numbers of the lessons that have all words of a query, the best first; of equals in the order given."""
    wanted = words(query)
    scores = {number: [_score(lesson, word) for word in wanted] for number, lesson in enumerate(lessons)}
    found = [number for number, each in scores.items() if all(each)]
    return sorted(found, key=lambda number: -sum(scores[number]))


def words(text: str) -> list[str]:
    """The words of a text in small letters."""
    return _WORD.findall(text.casefold())


def _score(lesson: Searched, wanted: str) -> float:
    """How well a lesson fits a word; 0 where it does not."""
    own = sorted(weight * _best(lesson.words[place], wanted) for place, weight in WEIGHTS.items())
    related = [
        weight * RELATED
        for other in OTHER_WORDS.get(wanted, ())
        for place, weight in WEIGHTS.items()
        if other in lesson.words[place]
    ]
    score = max([own[-1], *related])
    first = FIRST * _best(words(lesson.name)[:1], wanted)
    besides = ELSEWHERE * sum(own[:-1]) + first + OFTEN * min(_times(lesson, wanted), OFTEN_ENOUGH)
    return score + besides if score else 0.0


def _best(found: Iterable[str], wanted: str) -> float:
    return max((_fit(word, wanted) for word in found), default=0.0)


def _times(lesson: Searched, wanted: str) -> int:
    """How often a word or its like is said, in any place."""
    return sum(times for place in lesson.words.values() for word, times in place.items() if _fit(word, wanted))


@lru_cache(maxsize=2**16)
def _fit(word: str, wanted: str) -> float:
    """How well a word that stands there fits one that is wanted."""
    if word == wanted:
        return EXACT
    if word.startswith(wanted):
        return PREFIX
    short, long = sorted((_stem(word), _stem(wanted)), key=len)
    shared = short == long or (len(short) >= _SHORTEST_SHARED and long.startswith(short))
    return STEM if shared else 0.0


@lru_cache(maxsize=2**14)
def _stem(word: str) -> str:
    """A word without its ending, where enough is left of it."""
    ending = next((e for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= _SHORTEST_STEM), "")
    return word.removesuffix(ending)
