"""The check of the key that subtracts lanes, for `test_every_key`."""


async def subtracts_a_lane_and_says_where_both_differ(driver, key):
    driver.session.go_to(3)
    await driver.press("1", key)
    await driver.until(lambda: driver.dialog == "Table")
    assert "one − two · where they first differ" in driver.text
    assert "The first difference is at the start: W₁[0,0]" in driver.text
    await driver.press("g")
    await driver.settled()
    assert driver.cursor == (0, None)
    await driver.until(lambda: "weights − two ±" in driver.text)
    await driver.press(key)
    await driver.until(lambda: driver.dialog == "Table")
    await driver.press("escape", key)
    await driver.until(lambda: not driver.dialog and "weights −" not in driver.text)
