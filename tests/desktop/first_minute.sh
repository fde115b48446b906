#!/usr/bin/env bash
# Seconds and clicks from the command to the first hypergradient on screen, in a real window that a
# window manager frames, with kernels to compile and without. Needs Xvfb and openbox.
#
#     tests/desktop/first_minute.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
display=:$((100 + RANDOM % 400))

Xvfb "$display" -screen 0 1366x768x24 &
screen=$!
trap 'kill "$screen" 2>/dev/null || true' EXIT
export DISPLAY=$display QT_QPA_PLATFORM=xcb
sleep 1
openbox &
sleep 1
.venv/bin/python -m bench.first_hypergradient "$@"
