#!/usr/bin/env bash
# A newcomer's way in a real window: the tour, a card, a card while another runs, two exports, and
# quitting during a run.
#
#     tests/desktop/newcomer.sh
room=$(mktemp -d)
source "$(dirname "$0")/desktop.sh"

click 410 181                                        # Take the tour
sleep 2
for _ in $(seq 7); do                                # the second step waits for its run
  sleep 4
  xdotool key Return
done
export_into "$room/toy"
test -s "$room/toy/loss_surface.pdf"
echo "The tour has run the first experiment."

click 258 44                                         # Gallery
sleep 1
click 880 526                                        # Run, on the second card
sleep 10
click 258 44
sleep 1
click 1181 526                                       # Run, on the third card, without a question
sleep 12
export_into "$room/figures"
test -s "$room/figures/losses.pdf"
test -s "$room/figures/l2_penalties.pdf"             # which the second card's run has not
before=$(stat -c %Y%Z "$room/figures/losses.pdf")
echo "A card that was run while another ran is what ran."

ask_for_export "$room/figures"                       # once more: asks before it replaces
sleep 3
xdotool key Escape
sleep 1
xdotool key Escape
[ "$before" = "$(stat -c %Y%Z "$room/figures/losses.pdf")" ]
echo "Nothing was replaced without a question."

xdotool windowfocus "$window"
sleep 0.5
click 47 43                                          # run again, and quit during the run
sleep 2
began=$(date +%s%N)
xdotool key ctrl+q
wait_for 20 bash -c "! kill -0 $program 2>/dev/null"
echo "Quitting during a run took $((($(date +%s%N) - began) / 1000000)) ms, without a question."
.venv/bin/retrograde runs list | tee "$room/runs"
[ "$(grep -c completed "$room/runs")" -ge 2 ]
echo "What was run is in the library."
