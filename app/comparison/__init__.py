"""Comparing methods: the page of the window, and the command."""
