"""What each call of the command does; one module a call."""
