"""Figures and animations into files."""
