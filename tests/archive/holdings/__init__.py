"""Tests of the holdings: one tree, and what people do with it."""
