"""The check of the key that names places, for `test_every_key`."""


async def names_a_place_and_goes_back(driver, key):
    driver.session.go_to(3)
    await driver.press("s", "s", key)
    await driver.until(lambda: driver.dialog == "PlaceList")
    assert "step 4, pre-activation a₁ of one" in driver.text
    await driver.type("here it was")
    await driver.press("enter", "escape")
    await driver.until(lambda: not driver.dialog)
    assert [place.name for place in driver.session.places] == ["here it was"]
    await driver.press("n", "n", key)
    await driver.until(lambda: driver.dialog == "PlaceList")
    await driver.press("down", "down", "enter")
    await driver.settled()
    assert driver.cursor == (3, 1)
    await driver.press("n", "n", key)
    await driver.until(lambda: driver.dialog == "PlaceList")
    await driver.press("down", "down", "x", "escape")
    await driver.until(lambda: not driver.dialog)
    assert driver.session.places == ()
