"""Modal boxes; each answers with a value, or with None where it was left."""
