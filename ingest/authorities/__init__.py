"""Authority files that others made (EAC-CPF), taken into the names of the archive.

Begin at `actions.take_in`.
"""
