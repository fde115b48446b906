"""Plots for print, and over time."""
