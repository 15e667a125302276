"""What people touch: the command and the terminal app."""
