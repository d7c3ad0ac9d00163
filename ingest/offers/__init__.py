"""What units offer to the archive: offered, appraised, prepared, handed in, received.

An offer is no delivery yet and decides nothing about records: packages go the dock's usual way,
and what comes on paper meets the gate in `arrival`. Begin at `actions.offer`, and at `NEXT` in
`models` for the way of an offer.
"""
