"""Data sets from files that people open: CSV, NPZ and IDX.

Nothing in a file is run: no pickles, no expressions. What a file declares about its size is checked
before it is unpacked or memory is set aside for it. Every message starts with the name of the file.
"""

from typing import TYPE_CHECKING

from engine.when_asked import loaded_when_asked

if TYPE_CHECKING:
    from engine.data.readers.dataset_files import read_dataset
    from engine.data.readers.idx import read_idx
    from engine.data.readers.limits import MAX_BYTES, MAX_CSV_CLASSES, MAX_VALUES
    from engine.data.readers.preview import Preview, look_again, look_at
    from engine.data.readers.reading import USUAL, Reading, is_table

__all__ = [
    "MAX_BYTES",
    "MAX_CSV_CLASSES",
    "MAX_VALUES",
    "USUAL",
    "Preview",
    "Reading",
    "is_table",
    "look_again",
    "look_at",
    "read_dataset",
    "read_idx",
]

__getattr__ = loaded_when_asked(
    __name__,
    {
        "engine.data.readers.dataset_files": ("read_dataset",),
        "engine.data.readers.idx": ("read_idx",),
        "engine.data.readers.limits": ("MAX_BYTES", "MAX_CSV_CLASSES", "MAX_VALUES"),
        "engine.data.readers.preview": ("Preview", "look_again", "look_at"),
        "engine.data.readers.reading": ("USUAL", "Reading", "is_table"),
    },
)
