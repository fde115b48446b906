"""Recorded runs in the window: listed, opened, laid over each other."""
