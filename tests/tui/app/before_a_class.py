"""What the key of presentations does."""


async def presents_to_a_class_and_comes_back(driver, key):
    await driver.press("n", "n", "n")
    rehearsal, place = driver.simulator, driver.cursor
    await driver.press(key)
    await driver.until(lambda: driver.simulator is not rehearsal and driver.simulator.is_mounted)
    assert driver.cursor == (0, None)
    await driver.press(key)
    await driver.until(lambda: driver.simulator is rehearsal)
    assert driver.cursor == place
