"""Guidance: the gallery, help, the tour."""
