"""What the keys do that look for causes: closely, at what stopped, back to what made a number, at who changed it."""

import math
import re


async def inspects(driver, key):
    driver.session.go_to(2)
    await driver.press("escape", key)
    await driver.until(lambda: driver.dialog == "Table")
    assert "inspect · one" in driver.text
    assert "of 20 wrong, at θ now" in driver.text
    await driver.press("u")
    await driver.until(lambda: " now   at step 0: " in driver.text)
    await _leaves(driver)


async def opens_the_autopsy(driver, key):
    driver.session.go_to(5)
    await driver.press("escape", "3", key)
    await driver.until(lambda: driver.dialog == "Table")
    assert "was the first to overflow" in driver.text
    await _leaves(driver)


async def goes_the_way_of_a_value_backwards(driver, key):
    driver.session.go_to(5)
    await driver.press("escape", "1", key)
    await driver.until(lambda: driver.dialog == "Form")
    await driver.type("W1[2,1]")
    await driver.press("enter")
    await driver.until(lambda: driver.dialog == "WhyDialog" and "made of" in driver.text)
    assert "W₁[2,1] after step 5 = " in driver.text
    await driver.press("down", "down", "enter")
    await driver.until(lambda: "W₁[2,1] step 5 ← ∂L/∂W₁[2,1]" in driver.text)
    await driver.press("g")
    await driver.until(lambda: not driver.dialog and driver.cursor[1] is not None)
    lane = driver.simulator.frame().lane
    assert (driver.cursor[0], str(lane.operation.kind), lane.operation.layer) == (4, "∂W", 1)
    assert "∂L/∂W₁[2,1] = " in driver.text
    await driver.press("escape")


async def blames_the_samples_that_made_a_weight_what_it_is(driver, key):
    driver.session.go_to(150)
    await driver.press("escape", "1", key)
    await driver.until(lambda: driver.dialog == "Form")
    await driver.type("W1[2,1]")
    await driver.press("enter")
    await driver.until(lambda: driver.dialog == "PickRow")
    assert re.search(r"W₁\[2,1\]: \S+ after step 50, \S+ after step 150, a change of ", driver.text)
    numbers = re.search(r"They add up to (\S+); the change is (\S+)\.", driver.text).groups()
    assert math.isclose(*map(float, numbers), rel_tol=1e-9)
    number = re.search(r"^\W*sample (\d+)", driver.text.partition("in batches")[2], re.MULTILINE)[1]
    await driver.press("enter")
    await driver.until(lambda: not driver.dialog and f" sample {number}: x = " in driver.text)
    await driver.press("escape")


async def _leaves(driver):
    await driver.press("escape")
    await driver.until(lambda: not driver.dialog)
