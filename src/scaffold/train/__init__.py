"""Training of slot fillers: data, noising, loss, loop."""
