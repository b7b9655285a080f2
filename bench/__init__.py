"""Benchmarks: what must stay fast, measured in one run, as ratios and growth (see docs/performance.md)."""
