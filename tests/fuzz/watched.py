"""The process that reads inputs: says of each what came of it, on a line of JSON.

It is told on standard input, a line each: the kind and the folder of a case, or the kind, the seed
and the number of one to make.
"""

import gc
import importlib
import json
import os
import resource
import shutil
import sys
import tempfile
import traceback
import warnings
from pathlib import Path
from random import Random
from typing import Any

from platformdirs import user_cache_path

from fuzz.cases import Kind, save

_CHANGES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "os.link", "os.symlink")
_NEVER = ("subprocess.Popen", "os.system", "os.exec", "socket.connect", "pickle.find_class")
_LONGEST_MESSAGE = 300


class Guard:
    """Notes what should not happen while an input is read.

    Args:
        folders: where files may be written.
    """

    def __init__(self, *folders: Path) -> None:
        self._folders = tuple(str(folder.resolve()) for folder in folders)
        self.is_on = False
        self.seen: list[str] = []
        sys.addaudithook(self._look)

    def _look(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.is_on:
            return
        if event in _NEVER:
            self.seen.append(event)
        elif event in _CHANGES or (event == "open" and _writes(arguments)):
            path = arguments[0]
            if isinstance(path, str | bytes | os.PathLike):
                place = os.path.realpath(os.fsdecode(path))
                if not place.startswith(self._folders) and place != os.devnull:
                    self.seen.append(f"{event} of {place}")


def _writes(arguments: tuple[Any, ...]) -> bool:
    _, mode, flags = arguments
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return bool((flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def verdict(kind: Kind, path: Path, guard: Guard) -> tuple[str, str]:
    """Read one input; returns "read", "refused" or "failed", and why."""
    guard.seen.clear()
    guard.is_on = True
    try:
        kind.read(path)
        result, message = "read", ""
    except kind.refusals as error:
        result, message = "refused", str(error)
    except BaseException as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(last.filename).name}, line {last.lineno}"
        result, message = "failed", f"{type(error).__name__}: {str(error)[:200]!r} ({where})"
    finally:
        guard.is_on = False
    if guard.seen:
        return "failed", guard.seen[0]
    if result == "refused" and (len(message) > _LONGEST_MESSAGE or not message.isprintable()):
        return "failed", f"a message that is not one short line: {message[:400]!r}"
    return result, message


def _megabytes(name: str) -> float:
    """What Linux says of this process's memory; elsewhere the most that it has taken so far."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(float(line.split()[1]) / 1024 for line in lines if line.startswith(name))
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _forget_peak() -> None:
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return


def main(module: str) -> None:
    """Read what one is told to, until there is no more."""
    kinds: dict[str, Kind] = importlib.import_module(module).KINDS
    for kind in kinds.values():
        if kind.prepare:
            kind.prepare()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tempfile.tempdir = str(folder)
        guard = Guard(folder, user_cache_path("retrograde"))  # compiled code is kept there
        gc.freeze()
        warnings.simplefilter("error")
        print("ready", flush=True)
        for number, line in enumerate(sys.stdin):
            task = json.loads(line)
            kind, place = kinds[task["kind"]], folder / str(number)
            if "folder" in task:
                shutil.copytree(task["folder"], place)
            else:
                save(kind.make(Random(f"{task['seed']} {task['kind']} {task['number']}")), place)
            gc.collect()
            _forget_peak()
            before = _megabytes("VmRSS")
            result, message = verdict(kind, place / (place / "FIRST").read_text(), guard)
            peak = _megabytes("VmHWM") - before
            shutil.rmtree(place)
            print(json.dumps({"result": result, "message": message, "megabytes": peak}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
