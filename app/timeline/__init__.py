"""The timeline: selecting the moment of the run that is shown."""
