"""Mail: a row in the transaction of the change, sent by a job, erased when it has gone.

A letter says that there is news on a case and how to find it, never what the news is. Begin at
`actions.post`.
"""
