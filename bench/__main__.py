"""Run every measurement in turn, print the results, and keep them in bench/RESULTS.md.

python -m bench
"""

import subprocess
import sys
from pathlib import Path

from bench.hypergradient import machine

MEASUREMENTS = {
    "Hypergradients against JAX and PyTorch": ["bench.hypergradient"],
    "At every size, against JAX": ["bench.sizes"],
    "Every method beside the same one in JAX": ["bench.methods"],
    "Beside other programs": ["bench.shared_machine"],
    "Memory at T = 1,000": ["bench.memory"],
    "Growth with T and P, and the entropy bound": ["bench.scale", "--largest"],
    "Several seeds": ["bench.seeds"],
    "Starting the window": ["bench.start_up"],
    "How late the window runs": ["bench.event_loop"],
    "How often plots are painted": ["bench.frame_rate"],
    "Memory over 1,000 meta-iterations": ["bench.memory_growth"],
    "How much of the window plots fill": ["bench.drawing_share"],
    "Entering and leaving the presentation": ["bench.presenting"],
    "Refusing a large CSV file for its last row": ["bench.refusing_csv"],
    "Recording runs": ["bench.library"],
}


def main() -> None:
    """Run, print, write."""
    sections = [f"# Results\n\nFrom `make bench` on {machine()}.\n"]
    print(sections[0])
    for title, words in MEASUREMENTS.items():
        command = f"python -m {' '.join(words)}"
        finished = subprocess.run(
            [sys.executable, "-m", *words], capture_output=True, text=True, check=False
        )
        text = finished.stdout.strip()
        if finished.returncode:
            text += f"\n\n{command} failed: {finished.stderr.strip()[-300:]}"
        sections.append(f"## {title}\n\n`{command}`\n\n{text}\n")
        print(sections[-1], flush=True)
    (Path(__file__).parent / "RESULTS.md").write_text("\n".join(sections), encoding="utf-8")


if __name__ == "__main__":
    main()
