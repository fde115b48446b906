"""What a run leaves: files, findings, the script that reproduces it."""
