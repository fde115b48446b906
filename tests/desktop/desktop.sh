# For the other scripts here: a screen of 1280 × 800 of our own, the program in a real window on it,
# and real clicks and keys. Needs Xvfb and xdotool (Debian: apt install xvfb xdotool).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
settings=$(mktemp -d)
display=:$((100 + RANDOM % 400))

Xvfb "$display" -screen 0 1280x800x24 &
screen=$!
export DISPLAY=$display XDG_CONFIG_HOME=$settings QT_QPA_PLATFORM=xcb
sleep 1
export RETROGRADE_LIBRARY="$settings/runs.retrograde"
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

shown() { # NAME: the windows of this name, one per line
  xdotool search --onlyvisible --name "$1"
}

is_gone() { # NAME: whether no window has this name
  [ -z "$(shown "$1")" ]
}

ask_for_export() { # FOLDER: of all plots that are ticked; the dialog stays while it writes, or asks
  xdotool windowfocus "$window" 2>/dev/null || true # it may have gone
  sleep 0.5
  xdotool key --window "$window" ctrl+e
  wait_for 20 shown 'Export figures'
  xdotool windowfocus "$(shown 'Export figures' | head -n 1)"
  sleep 1
  xdotool key alt+d ctrl+a
  xdotool type --delay 10 "$1"
  xdotool key Return
}

export_into() { # FOLDER: until all is written, and the dialog is closed by Enter
  ask_for_export "$1"
  wait_for 120 has_closed 'Export figures'
}

has_closed() { # TITLE: Enter does nothing while the dialog writes, and closes it then
  sleep 1
  xdotool key Return
  sleep 0.3
  is_gone "$1"
}

click() { # X Y
  xdotool mousemove "$1" "$2" click 1
}

wait_for 60 shown '^Retrograde$'
window=$(shown '^Retrograde$' | head -n 1)
xdotool windowmove "$window" 0 0 windowsize "$window" 1280 800 windowfocus "$window"
sleep 1
