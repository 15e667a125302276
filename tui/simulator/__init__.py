"""The simulator: one screen made of parts, and what each key does."""
