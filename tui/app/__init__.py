"""The app: which screen is up, what is remembered from one start to the next, and how it ends."""
