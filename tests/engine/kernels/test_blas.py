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
