#!/usr/bin/env bash
# The main job by keyboard alone, the mouse never moved: run, change a setting, run again, present,
# export, quit.
#
#     tests/desktop/by_keyboard.sh
room=$(mktemp -d)
source "$(dirname "$0")/desktop.sh"

xdotool key F5                                       # Run, of what is set up: two weights
sleep 8
export_into "$room/first"
test -s "$room/first/loss_surface.pdf"
echo "A run was started and exported."

xdotool windowfocus "$window"                        # as a window manager would
sleep 0.5
xdotool key ctrl+f                                   # Find a field, and type into it
sleep 1
xdotool type --delay 30 "meta-iterations"
sleep 1
xdotool key Tab
sleep 0.5
xdotool key ctrl+a
xdotool type --delay 30 "5"
sleep 0.5
xdotool key F5                                       # what was exported is lost without a question
sleep 8
export_into "$room/second"
[ "$(wc -l < "$room/second/losses.csv")" -eq 7 ]     # a header, and six losses of five meta-steps
echo "A field was found, changed, and what it says was run."

xdotool windowfocus "$window"
sleep 0.5
xdotool key F11
sleep 2
xdotool key 1
sleep 1
xdotool key Escape
sleep 2
xdotool windowfocus "$window"
xdotool key ctrl+q
wait_for 20 is_gone '^Retrograde$'
echo "The presentation was entered and left, and the program ended."
