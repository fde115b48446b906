"""Data sets from files that people open: CSV, NPZ and IDX.

Nothing in a file is run: no pickles, no expressions. What a file declares about its size is checked
before it is unpacked or memory is set aside for it. Every message starts with the name of the file.
"""

from engine.data.readers.dataset_files import is_table, read_dataset
from engine.data.readers.idx import read_idx
from engine.data.readers.limits import MAX_BYTES, MAX_CSV_CLASSES, MAX_VALUES
from engine.data.readers.reading import USUAL, Reading

__all__ = [
    "MAX_BYTES",
    "MAX_CSV_CLASSES",
    "MAX_VALUES",
    "USUAL",
    "Reading",
    "is_table",
    "read_dataset",
    "read_idx",
]
