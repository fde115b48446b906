"""Schedules edited by hand, and what training with them comes to."""
