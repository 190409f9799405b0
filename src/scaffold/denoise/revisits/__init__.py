"""Opening committed tokens again: one small file for each way."""
