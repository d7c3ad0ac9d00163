"""The house: keeps the city's records and shows what may be shown.

Sees `ihp` (the law) and never `ingest` (the dock). Begin at `app.create_app`.
"""
