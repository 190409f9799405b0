"""How many positions a slot has: one small file for each way to find out."""
