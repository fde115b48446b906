"""`python -m fuzz`: one line of summary, and one for each input that failed."""

import argparse
import sys
from pathlib import Path

from fuzz.campaign import again, campaign


def main() -> int:
    """Read many inputs, or one again; returns 1 if any failed."""
    parser = argparse.ArgumentParser(prog="fuzz")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=5.0, help="to stop after")
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--out", type=Path, default=Path("out/fuzz"), help="for what fails")
    parser.add_argument("--again", type=Path, help="folder of an input that failed")
    chosen = parser.parse_args()
    if chosen.again:
        print(line := again(chosen.again))
        return int(": failed: " in line)
    outcome = campaign(chosen.seed, chosen.inputs, chosen.out, seconds=60 * chosen.minutes)
    for failure in outcome.failures:
        print(failure)
    print(outcome)
    return int(bool(outcome.failures))


if __name__ == "__main__":
    sys.exit(main())
