#!/usr/bin/env bash
# The main job in a real window, by real clicks and keys: from the gallery to an exported PDF.
#
#     tests/desktop/main_job.sh [FOLDER]      FOLDER: where the figures go; a temporary one by default
folder=${1:-$(mktemp -d)}
source "$(dirname "$0")/desktop.sh"

click 880 526                                        # Run, on the second card: one learning rate
sleep 8
export_into "$folder"
test -s "$folder/losses.pdf"
test -s "$folder/hypergradient.csv"
head -c 5 "$folder/losses.pdf" | grep -q '%PDF-'
echo "The main job is done: $folder/losses.pdf"
