"""Sets Retrograde up in an environment of its own; `make` calls it. It needs nothing but Python.

    python3 set_up.py ENVIRONMENT

What is missing is said in one line. System libraries that a window needs are installed where that
can be done (by root, with apt); where it cannot, what needs no window works without them.
"""

import os
import re
import shutil
import subprocess
import sys

OLDEST = (3, 11)


def main(environment):
    """Set up; returns the exit status."""
    version = "{}.{}".format(*sys.version_info)
    if sys.version_info < OLDEST:
        return complain(
            "Retrograde needs Python {}.{} or newer, and this is {}. ".format(*OLDEST, version)
            + "Say which one to use: make PYTHON=python3.12 …"
        )
    try:
        import ensurepip
        import venv

        assert ensurepip
        assert venv
    except ImportError:
        package = f"python{version}-venv"
        if not install([package]):
            return complain(
                "Python's module venv is missing; on Debian or Ubuntu, type "
                f"`apt install {package}` as root."
            )
    made = subprocess.run(
        [sys.executable, "-m", "venv", environment], capture_output=True, text=True, check=False
    )
    if made.returncode:
        return complain(f"The environment {environment} cannot be made: {last_line(made)}")
    sentence = why_not_installed(environment)
    if sentence:
        return complain(sentence)
    provide_libraries()
    return 0


def why_not_installed(environment):
    """Install Retrograde and its dependencies; returns what went wrong, or nothing."""
    bin_folder = "Scripts" if os.name == "nt" else "bin"
    python = os.path.join(environment, bin_folder, "python")
    words = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "2"]
    done = subprocess.run(
        [python, *words, "--editable", ".[dev]"], stderr=subprocess.PIPE, text=True, check=False
    )
    if not done.returncode:
        return ""
    no_network = "connection|resolution|unreachable|timed out|No matching distribution"
    if re.search(no_network, done.stderr, re.IGNORECASE):
        return f"The packages cannot be downloaded; is there a network? (pip: {last_line(done)})"
    return f"The packages cannot be installed: {last_line(done)}"


def provide_libraries():
    """Install the system libraries that are missing, or say what to type."""
    from app.system_libraries import FOR_QT, FOR_X11, missing_packages, what_to_type

    needed = [*FOR_QT, *FOR_X11]
    packages = missing_packages(needed)
    if packages and not (install(packages) and not missing_packages(needed)):
        complain(f"{what_to_type(packages)}. All that needs no window works without.")


def install(packages):
    """Install Debian packages, if that can be done without a question; whether it was."""
    apt = shutil.which("apt-get")
    if apt is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    print(f"Installing {' '.join(packages)} …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(
            [apt, "-qq", *words], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode and words != ["update"]:
            complain(f"They cannot be installed: {last_line(done)}")
            return False
    return True


def last_line(done):
    """The last thing that a command complained of, in at most 200 characters."""
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    return (lines[-1].strip() if lines else f"exit status {done.returncode}")[:200]


def complain(sentence):
    """Say it, and return the exit status of a failure."""
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
