"""Exact arithmetic: fixed point and the information buffer (Algorithm 3)."""
