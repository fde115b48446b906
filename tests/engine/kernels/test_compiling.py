import subprocess
import sys
from pathlib import Path

PROCESS = """
from engine.kernels.compiling import helper, kernel

@helper()
def below(value):
    if value > 2:
        raise ValueError("more than two", value)
    return value

@helper()
def between(value):
    return 2 * below(value)

@kernel()
def above(value):
    return 1 + between(value)

print(above(1.5))
try:
    above(3.5)
except ValueError as error:
    print(*error.args)
print("compiled" if above.stats.cache_misses else "kept")
"""


def test_what_a_helper_raises_comes_out_of_a_kernel_compiled_now_or_before(tmp_path: Path) -> None:
    said = "4.0\nmore than two 3.5\n"
    assert run(tmp_path) == said + "compiled\n"
    assert run(tmp_path) == said + "kept\n"


def run(folder: Path) -> str:
    script = folder / "script.py"
    script.write_text(PROCESS)
    environment = {"NUMBA_CACHE_DIR": str(folder), "PYTHONPATH": str(Path.cwd())}
    command = [sys.executable, script]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True, timeout=120
    ).stdout
