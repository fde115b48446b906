"""How long a CSV file takes to be refused for its last row, beside NumPy's own parser reading it.

Files of 100 MB are written to a temporary folder, one at a time. NumPy reads the rows above the
last one, in the same process and after it, where it can.

    python -m bench.refusing_csv [--megabytes 100]
"""

import argparse
import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

MOST_SECONDS, MOST_MEGABYTES = 2.0, 500
_CHILD = """
import json, resource, sys, time
import numpy as np
from engine.data.readers import read_dataset
from engine.errors import InputError

path, quotation, place, rows = sys.argv[1], sys.argv[2] or None, int(sys.argv[3]), int(sys.argv[4])
start = time.perf_counter()
try:
    read_dataset(path)
    raise SystemExit("It was read.")
except InputError:
    refused = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
labels = {}
label = {place: lambda cell: labels.setdefault(cell, len(labels))}
start = time.perf_counter()
try:
    np.loadtxt(
        path, delimiter=",", skiprows=1, max_rows=rows, quotechar=quotation, comments=None,
        converters=label, encoding="utf-8",
    )
    parsed = time.perf_counter() - start
except ValueError:
    parsed = float("nan")
print(json.dumps([refused, peak, parsed]))
"""


class Table(NamedTuple):
    """A file to be.

    Attributes:
        name: what its rows are like.
        columns: how many.
        rows: some, to be repeated.
        quotation: the marks around cells, if there are any.
    """

    name: str
    columns: int
    rows: str
    quotation: str = ""

    def write(self, path: Path, size: int) -> int:
        """Write as many rows as go into so many bytes, and a wrong one below; return how many."""
        times = size // len(self.rows)
        with path.open("w", encoding="utf-8") as file:
            file.write(",".join(f"x{index}" for index in range(self.columns)) + "\n")
            for _ in range(times):
                file.write(self.rows)
            file.write("x" + ",1" * (self.columns - 1) + "\n")
        return times * self.rows.count("\n")


def tables() -> Iterator[Table]:
    """The rows that are tried."""
    rng = np.random.default_rng(0)
    digits = rng.integers(0, 256, (500, 785)) * (rng.random((500, 785)) < 0.2)
    numbers = rng.standard_normal((5000, 10)).tolist()
    yield Table("two digits", 2, "1,0\n2,1\n" * 5000)
    yield Table("flowers", 5, "5.1,3.5,1.4,0.2,setosa\n6.1,3.6,1.5,0.3,virginica\n" * 2500)
    yield Table("flowers in quotation marks", 5, '5.1,3.5,1.4,0.2,"setosa"\n' * 5000, '"')
    yield Table("images of 784 pixels", 785, "".join(",".join(map(str, r)) + "\n" for r in digits))
    yield Table(
        "ten numbers of 17 digits", 10, "".join(",".join(map(repr, r)) + "\n" for r in numbers)
    )
    yield Table("one odd line in a block", 5, '1, "1",0,0,a\n' + "5.1,3.5,1.4,0.2,a\n" * 3000)
    yield Table("nothing but odd lines", 2, '1, "0"\n' * 5000)
    yield Table("line breaks in cells", 3, '1,2,"a\nb"\n' * 5000)


def main() -> None:
    """Write, read, print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--megabytes", type=float, default=100)
    size = int(parser.parse_args().megabytes * 1e6)
    print("| rows of | millions | refused after, s | peak, MB | NumPy reads them in, s | ratio |")
    print("| --- | --- | --- | --- | --- | --- |")
    worst = [0.0, 0.0]
    with tempfile.TemporaryDirectory() as folder:
        for table in tables():
            path = Path(folder) / "table.csv"
            rows = table.write(path, size)
            words = [str(path), table.quotation, str(table.columns - 1), str(rows)]
            done = subprocess.run(
                [sys.executable, "-c", _CHILD, *words], capture_output=True, text=True, check=False
            )
            if done.returncode:
                sys.exit(f"{table.name}: {done.stderr.strip()[-300:]}")
            refused, peak, parsed = json.loads(done.stdout)
            worst = [max(worst[0], refused), max(worst[1], peak)]
            beside = "— | —" if math.isnan(parsed) else f"{parsed:.2f} | {refused / parsed:.2f}"
            print(f"| {table.name} | {rows / 1e6:.2f} | {refused:.2f} | {peak:.0f} | {beside} |")
    print(
        f"\nAt most {worst[0]:.2f} s and {worst[1]:.0f} MB; aimed at: {MOST_SECONDS:g} s and "
        f"{MOST_MEGABYTES} MB."
    )


if __name__ == "__main__":
    main()
