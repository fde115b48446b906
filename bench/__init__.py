"""Measurements against something real, in the same run; see CONTRIBUTING.md."""
