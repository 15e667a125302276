"""What the keys are: the one table of commands, and the keys as their user has set them."""
