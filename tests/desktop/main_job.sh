#!/usr/bin/env bash
# The main job in a real window, by real clicks and keys: from the gallery to an exported PDF.
# Needs Xvfb and xdotool (Debian: apt install xvfb xdotool).
#
#     tests/desktop/main_job.sh [FOLDER]      FOLDER: where the figures go; a temporary one by default
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=${1:-$(mktemp -d)}
settings=$(mktemp -d)
display=:$((100 + RANDOM % 400))

Xvfb "$display" -screen 0 1280x800x24 &
screen=$!
export DISPLAY=$display XDG_CONFIG_HOME=$settings QT_QPA_PLATFORM=xcb
sleep 1
.venv/bin/retrograde &
program=$!
trap 'kill "$program" "$screen" 2>/dev/null || true; rm -rf "$settings"' EXIT

wait_for() { # SECONDS COMMAND …: until the command succeeds
  local left=$(($1 * 10)); shift
  until "$@" >/dev/null 2>&1; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { echo "gave up waiting: $*" >&2; exit 1; }
    sleep 0.1
  done
}

wait_for 60 xdotool search --onlyvisible --name '^Retrograde$'
window=$(xdotool search --onlyvisible --name '^Retrograde$' | head -n 1)
xdotool windowmove "$window" 0 0 windowsize "$window" 1280 800 windowfocus "$window"
sleep 1

xdotool mousemove 890 466 click 1                    # Run, on the second card: one learning rate
sleep 8
xdotool key --window "$window" ctrl+e                # Export
wait_for 20 xdotool search --onlyvisible --name 'Export figures'
dialog=$(xdotool search --onlyvisible --name 'Export figures' | head -n 1)
xdotool windowfocus "$dialog"
sleep 1
xdotool key alt+d ctrl+a                             # the folder
xdotool type --delay 10 "$folder"
xdotool key Return
wait_for 60 test -s "$folder/losses.pdf"
wait_for 60 test -s "$folder/hypergradient.csv"
head -c 5 "$folder/losses.pdf" | grep -q '%PDF-'
echo "The main job is done: $folder/losses.pdf"
