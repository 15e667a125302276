"""What the keys of maps do: which samples stand on them, and how fine they are."""

from tui.panes.wrong import wrong_answers


async def leaves_the_wrong_samples_alone_on_the_maps(driver, key):
    marks = driver.text.count("○")
    await driver.press(key)
    await driver.until(lambda: driver.text.count("○") < marks / 2)
    await driver.press(key)
    await driver.until(lambda: driver.text.count("○") == marks)


async def draws_maps_in_halves_of_cells(driver, key):
    await driver.until(lambda: "▌" in driver.text)
    await driver.press(key)
    await driver.until(lambda: not set("▌▖▗▘▝▙▛▜▟") & set(driver.text))
    await driver.press(key)


async def goes_to_the_next_wrong_sample(driver, key):
    await driver.press("1")
    wrong = wrong_answers(driver.simulator.frame().lane).numbers.tolist()
    for place, number in enumerate((*wrong, wrong[0])):
        await driver.press(key)
        assert f" sample {number} (wrong, {place % len(wrong) + 1} of {len(wrong)}): " in driver.text
    assert "W next wrong" in driver.text
    await driver.press("escape")
