"""Errands: walks in slices, what follows them, and errands that begin in the middle of others."""

from tests.pilot import drive


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
            simulator.run_errand(held(released, done))
            yield 1
            raise AssertionError

        simulator.run_errand(outer())
        assert simulator.under_way
        released.append(True)
        await driver.settled()
        assert done

    drive("gd-vs-sgd", walk)


def test_an_errand_that_ends_by_beginning_another_leaves_it_under_way():
    async def walk(driver):
        simulator, released, done = driver.simulator, [], []

        def outer():
            yield 1
            simulator.run_errand(held(released, done))

        simulator.run_errand(outer())
        assert simulator.under_way
        released.append(True)
        await driver.settled()
        assert done

    drive("gd-vs-sgd", walk)


def test_an_errand_that_stops_itself_is_stopped():
    async def walk(driver):
        simulator = driver.simulator

        def outer():
            yield 2
            simulator.pause()
            yield 1
            raise AssertionError

        simulator.run_errand(outer())
        await driver.settled()
        assert not simulator.under_way

    drive("gd-vs-sgd", walk)


def test_what_follows_an_errand_comes_once_it_has_ended():
    seen = []

    async def walk(driver):
        simulator = driver.simulator

        def then():
            seen.append(simulator.under_way)
            simulator.walk_to(70)

        simulator.run_errand(iter([2, 1]), then)
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

        simulator.run_errand(endless(), lambda: driver.app.notify("followed"))
        assert simulator.under_way
        await driver.press("escape")
        assert not simulator.under_way
        assert "followed" not in driver.notes

    drive("gd-vs-sgd", walk)


def test_a_breakpoint_is_told_when_the_run_rests():
    async def walk(driver):
        rested, simulator = [], driver.simulator
        tell = simulator._tell_hit
        simulator._tell_hit = lambda *words: (rested.append(not simulator.under_way), tell(*words))
        await driver.press("g")
        await driver.type("step > 40")
        await driver.press("enter")
        await driver.until(lambda: rested)
        assert rested == [True]
        assert driver.cursor == (41, None)

    drive("gd-vs-sgd", walk)
