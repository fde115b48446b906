"""One run as a generator of events, and what is made of it."""
