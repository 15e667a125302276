"""What the keys do that ask for something: coroutines over a stage, one concept a file."""
