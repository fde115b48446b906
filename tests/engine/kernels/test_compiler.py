import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
COMPILE = """
import numpy as np
from engine.kernels.compiling import kernel
@kernel()
def total(count):
    return np.arange(count).sum()
print(type(total).__name__, total(5))
"""


def run(*words: str, folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NUMBA_NUM_THREADS", "0"),
        pytest.param("NUMBA_OPT", "9", marks=pytest.mark.long),
    ],
)
def test_a_variable_that_numba_cannot_use_is_named_in_one_line(name: str, value: str) -> None:
    done = run("-m", "retrograde", "run", "moons", **{name: value})
    assert done.returncode == 2
    assert done.stderr.startswith(f"retrograde: {name}: expected a value that numba can use, found")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("text", ["opt: 9", pytest.param("num_threads: 0", marks=pytest.mark.long)])
def test_a_setting_in_numbas_own_file_is_named_with_the_file(text: str, tmp_path: Path) -> None:
    pytest.importorskip("yaml", reason="without it, numba reads no such file")
    (tmp_path / ".numba_config.yaml").write_text(text)
    done = run("-m", "retrograde", "run", "moons", folder=tmp_path, PYTHONPATH=str(ROOT))
    assert done.returncode == 2
    assert done.stderr.startswith("retrograde: .numba_config.yaml: expected settings that numba")
    assert text.partition(":")[0] in done.stderr
    assert done.stderr.count("\n") == 1


def test_without_any_folder_for_matplotlib_one_is_asked_for() -> None:
    script = (
        "import os, tempfile\n"
        "def none(*_, **__): raise FileNotFoundError('no usable temporary directory')\n"
        "tempfile.mkdtemp = none\n"
        "import engine.figures"
    )
    done = run("-c", script, MPLCONFIGDIR="/dev/null")
    assert "InputError: MPLCONFIGDIR: expected a folder that matplotlib can write" in done.stderr


def test_kernels_are_compiled_even_if_other_functions_are_not_to_be(tmp_path: Path) -> None:
    chosen = {"NUMBA_DISABLE_JIT": "1", "NUMBA_CACHE_DIR": str(tmp_path)}
    done = run("-c", COMPILE, **chosen)
    assert (done.stdout, done.stderr) == ("CPUDispatcher 10\n", "")


def test_a_threading_layer_has_no_effect(tmp_path: Path) -> None:
    chosen = {"NUMBA_THREADING_LAYER": "nonsense", "NUMBA_CACHE_DIR": str(tmp_path)}
    assert run("-c", COMPILE, **chosen).stdout == "CPUDispatcher 10\n"


@pytest.mark.parametrize("backend", ["nonsense", pytest.param("svg", marks=pytest.mark.long)])
def test_figures_are_drawn_whatever_the_backend_of_windows(backend: str) -> None:
    script = "import engine.figures, matplotlib; print(matplotlib.rcParams['backend'])"
    done = run("-c", script, MPLBACKEND=backend)
    assert done.returncode == 0, done.stderr
    assert (done.stdout == "svg\n") == (backend == "svg")
