"""The scenario file: found, read, checked, and changed before it is used."""
