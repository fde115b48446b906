#!/usr/bin/env bash
# What a person gets who installs Retrograde: a wheel in a fresh environment, used from another folder.
#
#     tests/wheel/from_a_wheel.sh [PYTHON]     PYTHON: to make the environment with; python3 by default
set -euo pipefail
cd "$(dirname "$0")/../.."
python=$(command -v "${1:-python3}")
room=$(mktemp -d)
trap 'rm -rf "$room" build' EXIT

rm -rf build # what an older build left would be in the wheel
"$python" -m venv "$room/environment"
bin=$room/environment/bin
"$bin/python" -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir "$room" .
# Bytecode of all packages takes half of the time; what is imported is compiled anyway.
"$bin/python" -m pip install --quiet --disable-pip-version-check --no-compile "$room"/retrograde-*.whl

mkdir "$room/elsewhere" "$room/in the way" "$room/in the way/engine"
cd "$room/elsewhere"
unset PYTHONPATH
export RETROGRADE_LIBRARY="$room/runs.retrograde"
"$bin/retrograde" list | grep '^moons ' >/dev/null # all of it is read
"$bin/retrograde" run moons --meta-iterations 2 --set training.iterations=10
"$bin/python" - out/moons/result.json <<'PYTHON'
import json
import sys

import engine

result = json.load(open(sys.argv[1]))
assert len(result["meta_iterations"]) == 2, result
assert all(one["reversed_exactly"] for one in result["meta_iterations"]), result
assert "site-packages" in engine.__file__, engine.__file__
PYTHON
ls out/moons/losses.pdf >/dev/null

touch "$room/in the way/engine/__init__.py"
status=0
said=$(PYTHONPATH="$room/in the way" "$bin/retrograde" list 2>&1) || status=$?
[ "$status" -eq 2 ]
[ "$(grep -c . <<<"$said")" -eq 1 ]
grep -q "own package engine" <<<"$said"
echo "A wheel in a fresh environment works from another folder, and says so when it is in no state to."
