"""Set-up helpers that `make` runs. Not part of the product."""
