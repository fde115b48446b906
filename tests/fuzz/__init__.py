"""Thousands of damaged inputs for everything that reads what people type, open or pass.

`make fuzz SEED=0 MINUTES=5` runs it. Each input is made from the seed, its kind and its number, and
is read in a process of its own, which is watched: only the refusals that are meant for people may
come out, in one short line, in time and memory that fit the size of the input; nothing is written
outside a temporary folder, and nothing in a file is run.
"""
