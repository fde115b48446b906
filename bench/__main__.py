"""Run every measurement in turn, print the results, and keep them in bench/RESULTS.md.

python -m bench
"""

import subprocess
import sys
from pathlib import Path

MEASUREMENTS = {
    "How late the window runs": "bench.event_loop",
    "Hypergradients against JAX and PyTorch": "bench.hypergradient",
    "Growth with T and P, and the entropy bound": "bench.scale",
}


def main() -> None:
    """Run, print, write."""
    sections = ["# Results\n\nFrom `make bench`.\n"]
    for title, module in MEASUREMENTS.items():
        finished = subprocess.run(
            [sys.executable, "-m", module], capture_output=True, text=True, check=False
        )
        text = finished.stdout.strip() or f"{module} failed: {finished.stderr.strip()[-300:]}"
        sections.append(f"## {title}\n\n`python -m {module}`\n\n{text}\n")
        print(sections[-1], flush=True)
    (Path(__file__).parent / "RESULTS.md").write_text("\n".join(sections), encoding="utf-8")


if __name__ == "__main__":
    main()
