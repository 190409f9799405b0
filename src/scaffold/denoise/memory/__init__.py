"""What open positions remember from step to step: one small file for each way."""
