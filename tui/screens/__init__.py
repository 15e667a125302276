"""The screens: picker, simulator and dialogs."""
