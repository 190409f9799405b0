"""Where a step may commit: one small file for each way to order the canvas."""
