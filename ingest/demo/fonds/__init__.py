"""The fonds of the invented city, one module each or a few small ones together."""
