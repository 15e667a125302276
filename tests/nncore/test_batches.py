"""Batches: each epoch visits each sample once, in an order that only seed and epoch decide."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.batches import DataCursor, batch, batch_length, epoch_orders

SAMPLES, SIZES, SEEDS = st.integers(1, 200), st.integers(1, 250), st.integers(-5, 5)


def epochs(seed, size, samples, count):
    """The batches of the first epochs, in order."""
    place, found = DataCursor(), []
    while place.epoch < count:
        found.append((place, batch(seed, place, size, samples)))
        place = place.after(size, samples)
    return found


@given(seed=SEEDS, size=SIZES, samples=SAMPLES)
def test_an_epoch_visits_each_sample_once_and_its_last_batch_may_be_shorter(seed, size, samples):
    for epoch in range(3):
        batches = [numbers for place, numbers in epochs(seed, size, samples, 3) if place.epoch == epoch]
        assert sorted(np.concatenate(batches)) == list(range(samples))
        lengths = [len(numbers) for numbers in batches]
        assert lengths[:-1] == [min(size, samples)] * (len(lengths) - 1)
        assert lengths[-1] == (samples % size or size if size < samples else samples)


@given(seed=SEEDS, samples=SAMPLES, size=st.integers(0, 250), epoch=st.integers(0, 10**6))
def test_a_full_batch_keeps_the_order_of_the_file(seed, samples, size, epoch):
    if size == 0 or size >= samples:
        assert batch(seed, DataCursor(epoch), size, samples).tolist() == list(range(samples))
        assert DataCursor(epoch).after(size, samples) == DataCursor(epoch + 1)


@given(seed=SEEDS, samples=st.integers(2, 200), size=st.integers(1, 200), far=st.integers(0, 10**6))
def test_the_length_told_is_the_length_drawn(seed, samples, size, far):
    place = DataCursor(far, far % samples)
    if size < samples:
        assert len(batch(seed, place, size, samples)) == batch_length(place, size, samples)


def test_orders_differ_between_epochs_and_seeds_and_do_not_depend_on_who_asks_along():
    orders = [epoch_orders((seed,), epoch, 50)[0].tolist() for seed in range(3) for epoch in range(3)]
    assert len({tuple(order) for order in orders}) == 9
    assert epoch_orders((0, 1, 2), 2, 50)[1].tolist() == epoch_orders((1,), 2, 50)[0].tolist()


@pytest.mark.parametrize("epoch", [0, 40, 4096 // 50, 10**7])
def test_an_order_can_be_had_without_those_before(epoch):
    assert sorted(epoch_orders((3,), epoch, 50)[0]) == list(range(50))
    assert epoch_orders((3,), epoch, 50).tobytes() == epoch_orders((3,), epoch, 50).tobytes()


def test_one_epoch_more_than_a_block_of_epochs_is_drawn_anew():
    block = 4096 // 1024
    drawn = [epoch_orders((0,), epoch, 1024)[0].tobytes() for epoch in range(2 * block)]
    assert len(set(drawn)) == 2 * block


def test_first_places_of_orders_are_uniform():
    firsts = np.concatenate([epoch_orders((0,), epoch, 8)[0, :1] for epoch in range(4000)])
    counts = np.bincount(firsts, minlength=8)
    assert ((counts - 500) ** 2 / 500).sum() < 24.3  # χ² with 7 degrees of freedom, one in a thousand
