"""Measuring fills: tasks, metrics, baselines, benchmarks."""
