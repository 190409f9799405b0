"""What may stand in a slot: regular languages over bytes, and their token automata."""
