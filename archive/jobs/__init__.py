"""Work that must happen after a change: a row in the change's own transaction.

Keeps the queue, hands out leases, runs handlers; knows nothing of what they do. Begin at
`actions.enqueue` (to ask for work) and `worker.run` (to do it).
"""
