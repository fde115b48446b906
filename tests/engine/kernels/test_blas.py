import os
import subprocess
import sys

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from engine.kernels.blas import one_blas_thread


def threads() -> set[int]:
    assert np.ones((2, 2)) @ np.ones(2) @ np.ones(2) == 4, "a BLAS is loaded"
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


def test_the_limit_stands_until_the_last_one_leaves_in_whichever_order() -> None:
    with threadpool_limits(2, user_api="blas"):
        first, second = one_blas_thread(), one_blas_thread()
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        assert threads() == {1}, "the second one still trains"
        second.__exit__(None, None, None)
        assert threads() == {2}


def test_it_can_be_taken_again() -> None:
    with threadpool_limits(2, user_api="blas"):
        for _ in range(2):
            with one_blas_thread():
                assert threads() == {1}
            assert threads() == {2}


def test_what_compiled_code_multiplies_with_is_limited_before_it_is_loaded() -> None:
    program = """
from threadpoolctl import threadpool_info
from engine.kernels.blas import one_blas_thread
with one_blas_thread():
    import scipy.linalg
    pools = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    print(len(pools), {pool["num_threads"] for pool in pools})
"""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "2", "MKL_NUM_THREADS": "2"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
    )
    count, limits = done.stdout.split(maxsplit=1)
    assert int(count) >= 2, "NumPy's and SciPy's"
    assert limits.strip() == "{1}"


def test_it_can_be_taken_while_another_thread_loads_libraries() -> None:
    program = """
import threading
from importlib import import_module
from engine.kernels.blas import one_blas_thread

def load():
    for name in ("scipy.stats", "numba", "sklearn.datasets", "matplotlib.pyplot"):
        import_module(name)

loading = threading.Thread(target=load)
loading.start()
while loading.is_alive():
    with one_blas_thread():
        pass
print("done")
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=100)
    assert done.stdout == "done\n"
