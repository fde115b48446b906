"""How much is read of a file, before it is refused."""

from typing import Final

MAX_BYTES: Final = 2**31
"""Of an array, unpacked."""

MAX_VALUES: Final = 2**28
"""In one array."""

MAX_TEXT_BYTES: Final = 110_000_000
"""Of a CSV file, unpacked: the digits of MNIST take 109.6 MB."""

ONE_BY_ONE: Final = 45
"""How often text counts among the most that a CSV file may have, if its rows have to be read one by
one, which takes so many times longer."""

MAX_ROWS: Final = 3_000_000
"""Of a CSV file."""

MAX_NUMBERS: Final = 50_000_000
"""In a CSV file, beside the column to predict: the digits of MNIST are 47 million."""

MAX_UNPACKING: Final = 200
"""How many times larger a CSV file may become when it is unpacked, if it is not small then."""

SMALL_TEXT_BYTES: Final = 4_000_000
"""Of a CSV file, unpacked, that may have been packed to any size."""

MAX_WRAPPED_BYTES: Final = 2**28
"""Of an NPZ file that is packed with gzip as well."""

MAX_ROW: Final = 10_000_000
"""Characters in one row of a CSV file."""

MAX_EMPTY_ROWS: Final = 100_000
"""Of a CSV file: rows with nothing in them."""

MAX_CSV_CLASSES: Final = 50
"""A CSV column of integers with more distinct values than this holds numbers to predict; a byte can
count them."""

MAX_COLUMNS: Final = 100_000
"""Of a CSV file that is looked at, or read as a person says."""

MAX_TEXTS: Final = 100
"""Different ones in a column of a CSV file that become columns of 0 and 1."""

MAX_NAMES_BYTES: Final = 20_000_000
"""Of the list of what is in a zip archive."""
