"""Whatever may happen to the program happens here, by chance and repeatably: `python -m tests.faults --help`.

storms: what happens at the terminal, as data. monkey: the program in a terminal while it happens. actions: what a
session can be asked to do. mutations, opener: damaged files, and the command that is given them. checks: what must
hold whatever happened. All chance comes from a seed.
"""
