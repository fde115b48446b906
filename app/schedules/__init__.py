"""Schedules edited by hand, and the results of training with them."""
