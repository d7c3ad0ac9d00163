"""Measurements: same work, same run, ratios. Not part of the product. Begin at `run`."""
