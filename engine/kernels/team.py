"""Parts of compiled work, done side by side by a thread and its helpers.

They share a *board*, an array of integers. The thread that has work *posts* it there and claims
parts from the front; helpers claim from the back, so that a part mostly stays with the same
processor and its caches. Nobody waits for a helper that has not come: its parts are done by
the threads that are there. A *join* waits only for parts that helpers have begun.

On an idle machine spinning is faster than sleeping and being woken: 0.19 s against 0.27 s for the
hypergradient that `bench.shared_machine` measures. Beside other programs it is the other way round:
a spinning thread uses up its own time slices, and the scheduler prefers threads that have slept. So
waiting threads spin for a bounded time and then sleep; and when a join has taken longer than that,
or a helper that should be spinning did not come, the machine counts as *busy* for a number of
postings, during which threads sleep almost at once. If it is still busy then, the number doubles.
"""

from engine.kernels.atomics import acquire, add, load, pause, release, replace, store, swap
from engine.kernels.calls import call
from engine.kernels.compiling import helper, kernel

# Where on the board things are. What different threads write is kept apart by lines of the
# processors' caches, of which some fetch two at once.
_LINE = 16
CLAIMS = 0  # how many postings there were, the first part left, and where the parts end
CODE, ARGUMENTS, SIZE, STOPPED, SPINS = range(_LINE, _LINE + 5)  # helpers read them
UNFINISHED, FAILED = range(2 * _LINE, 2 * _LINE + 2)  # how many parts; whether any has failed
JOIN = 3 * _LINE  # where the poster sleeps
MANY_SPINS, FEW_SPINS, BUSY, BUSY_BEFORE, CALM = range(4 * _LINE, 4 * _LINE + 5)  # the poster's own
_FIRST_SLOT = 5 * _LINE

# Where a thread sleeps are two entries: whether it does, and the address of the lock it waits for.
LOCK = 1

SHORTEST_BUSY, LONGEST_BUSY = 256, 8192
"""Postings: about 60 ms and 2 s of training a 784-50-50-50-10 network."""

_FIRST_ONE = 1 << 16
_PARTS_MASK = _FIRST_ONE - 1


def size_of_board(team: int) -> int:
    """How many entries a board for so many threads has."""
    return _FIRST_SLOT + team * _LINE


def slot_of(member: int) -> int:
    """Where a helper sleeps; helpers are counted from 1."""
    return _FIRST_SLOT + member * _LINE


@helper()
def share_out(work, parts, board):  # type: ignore[no-untyped-def]
    """Do all parts of some work.

    Args:
        work: from `describe_call`.
        parts: how many there are, below 2¹⁶.
        board: where helpers look for work; empty to do without any.

    Raises:
        RuntimeError: a part has failed; all have ended.
    """
    if board.size == 0 or parts < 2:
        failed = False
        for part in range(parts):
            failed |= call(work[0], work[1], part)
    else:
        failed = _do_together(work, parts, board)
    if failed:
        raise RuntimeError("a part of compiled work has failed")


@helper()
def _do_together(work, parts, board):  # type: ignore[no-untyped-def]
    awake = _post(work, parts, board)
    failed, done = False, 0
    while True:
        claims = load(board, CLAIMS)
        if not _are_left(claims):
            break
        if replace(board, CLAIMS, claims, claims + _FIRST_ONE):
            failed |= call(work[0], work[1], _first_part(claims))
            done += 1
    all_in_time = add(board, UNFINISHED, -done) == done or _join(board)
    # A helper that is awake and claims nothing does not run: somebody else has its processor.
    if load(board, BUSY) == 0 and not (all_in_time and (done < parts or not awake)):
        _be_busy(board)
    return failed | (swap(board, FAILED, 0) != 0)


@helper()
def _post(work, parts, board):  # type: ignore[no-untyped-def]
    """Post work, and wake helpers; returns how many were awake.

    No helper still reads what was posted before: no part of it is left to claim.
    """
    if load(board, BUSY):
        store(board, BUSY, load(board, BUSY) - 1)
    else:
        store(board, SPINS, load(board, MANY_SPINS))
        store(board, CALM, load(board, CALM) + 1)
    store(board, CODE, work[0])
    store(board, ARGUMENTS, work[1])
    store(board, UNFINISHED, parts)
    postings = load(board, CLAIMS) >> 32
    store(board, CLAIMS, ((postings + 1) << 32) + parts)
    awake = 0
    for member in range(1, min(load(board, SIZE), parts)):
        awake += not wake(board, _FIRST_SLOT + member * _LINE)
    return awake


@helper()
def _are_left(claims):  # type: ignore[no-untyped-def]
    return _first_part(claims) < _end_of_parts(claims)


@helper()
def _first_part(claims):  # type: ignore[no-untyped-def]
    return (claims >> 16) & _PARTS_MASK


@helper()
def _end_of_parts(claims):  # type: ignore[no-untyped-def]
    return claims & _PARTS_MASK


@helper()
def _join(board):  # type: ignore[no-untyped-def]
    """Wait for the parts that helpers have begun; tells whether spinning was enough."""
    if watch(board, UNFINISHED, load(board, SPINS)):
        return True
    while load(board, UNFINISHED):
        store(board, JOIN, 1)
        if load(board, UNFINISHED) or not swap(board, JOIN, 0):
            acquire(load(board, JOIN + LOCK))
    return False


@helper()
def _be_busy(board):  # type: ignore[no-untyped-def]
    before = load(board, BUSY_BEFORE)
    busy = SHORTEST_BUSY if load(board, CALM) > before else min(2 * before, LONGEST_BUSY)
    store(board, BUSY, busy)
    store(board, BUSY_BEFORE, busy)
    store(board, CALM, 0)
    store(board, SPINS, load(board, FEW_SPINS))


@kernel()
def watch(board, place, spins):  # type: ignore[no-untyped-def]
    """Spin until an entry is zero, but no longer than so many times; tells whether it is."""
    for _ in range(spins):
        if load(board, place) == 0:
            return True
        pause()
    return False


@kernel()
def wake(board, slot):  # type: ignore[no-untyped-def]
    """Wake the threads that sleep there; returns whether any did.

    Both sides swap the entry for 0. The one that gets the 1 decides: the waker frees the lock, or
    the sleeper stays awake. So the lock is freed exactly as often as somebody waits for it.
    """
    if load(board, slot) and swap(board, slot, 0):
        release(load(board, slot + LOCK))
        return True
    return False


@kernel()
def help_out(board, member):  # type: ignore[no-untyped-def]
    """Do parts of whatever is posted, until the team is stopped."""
    slot, idle = _FIRST_SLOT + member * _LINE, 0
    while not load(board, STOPPED):
        claims = load(board, CLAIMS)
        if _are_left(claims) and member < load(board, SIZE):
            _help(board, claims)
            idle = 0
        elif idle < load(board, SPINS):
            pause()
            idle += 1
        else:
            _sleep(board, member, slot)
            idle = 0


@helper()
def _help(board, claims):  # type: ignore[no-untyped-def]
    """Do the last part that is left, unless somebody claims one first."""
    code, arguments = load(board, CODE), load(board, ARGUMENTS)
    # If no part has been claimed since, nothing else has been posted either: these belong together.
    if replace(board, CLAIMS, claims, claims - 1):
        if call(code, arguments, _end_of_parts(claims) - 1):
            store(board, FAILED, 1)
        if add(board, UNFINISHED, -1) == 1:
            wake(board, JOIN)


@helper()
def _sleep(board, member, slot):  # type: ignore[no-untyped-def]
    """Sleep until woken, unless there is something to do."""
    store(board, slot, 1)
    is_wanted = _are_left(load(board, CLAIMS)) and member < load(board, SIZE)
    if not (is_wanted or load(board, STOPPED)) or not swap(board, slot, 0):
        acquire(load(board, slot + LOCK))
