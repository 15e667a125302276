"""Errands: walks in slices, what follows them, and errands that begin in the middle of others."""

from tests.pilot import drive
from tui.simulator.task import Errand


def held(released, done):
    """An errand that goes on until it is released."""
    while not released:
        yield 1
    done.append(True)


def test_an_errand_that_is_begun_in_another_takes_its_place():
    async def walk(driver):
        simulator, released, done = driver.simulator, [], []

        def outer():
            yield 2
            simulator.playback.run(Errand(held(released, done)))
            yield 1
            raise AssertionError

        simulator.playback.run(Errand(outer()))
        assert simulator.playback.under_way
        released.append(True)
        await driver.settled()
        assert done

    drive("gd-vs-sgd", walk)


def test_an_errand_that_ends_by_beginning_another_leaves_it_under_way():
    async def walk(driver):
        simulator, released, done = driver.simulator, [], []

        def outer():
            yield 1
            simulator.playback.run(Errand(held(released, done)))

        simulator.playback.run(Errand(outer()))
        assert simulator.playback.under_way
        released.append(True)
        await driver.settled()
        assert done

    drive("gd-vs-sgd", walk)


def test_an_errand_that_stops_itself_is_stopped():
    async def walk(driver):
        simulator = driver.simulator

        def outer():
            yield 2
            simulator.playback.pause()
            yield 1
            raise AssertionError

        simulator.playback.run(Errand(outer()))
        await driver.settled()
        assert not simulator.playback.under_way

    drive("gd-vs-sgd", walk)


def test_what_follows_an_errand_comes_once_it_has_ended():
    seen = []

    async def walk(driver):
        simulator = driver.simulator

        def then():
            seen.append(simulator.playback.under_way)
            simulator.advance_to(70)

        simulator.playback.run(Errand(iter([2, 1])), then)
        await driver.settled()
        assert driver.cursor == (70, None)

    drive("gd-vs-sgd", walk)
    assert seen == [False]


def test_nothing_follows_an_errand_that_was_stopped():
    async def walk(driver):
        simulator = driver.simulator

        def endless():
            while True:
                yield 1

        simulator.playback.run(Errand(endless()), lambda: driver.app.notify("followed"))
        assert simulator.playback.under_way
        await driver.press("escape")
        assert not simulator.playback.under_way
        assert "followed" not in driver.notes

    drive("gd-vs-sgd", walk)


def test_a_breakpoint_is_told_when_the_run_rests():
    async def walk(driver):
        rested, simulator = [], driver.simulator
        tell = simulator.tell_hit
        simulator.tell_hit = lambda *words: (rested.append(not simulator.playback.under_way), tell(*words))
        await driver.press("g")
        await driver.type("step > 40")
        await driver.press("enter")
        await driver.until(lambda: rested)
        assert rested == [True]
        assert driver.cursor == (41, None)

    drive("gd-vs-sgd", walk)
