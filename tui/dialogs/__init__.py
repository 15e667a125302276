"""Modal boxes; each answers with a value, or with None where it was left. The tasks of the simulator open them."""
