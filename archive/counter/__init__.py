"""The counter: where citizens hand in, and where sealed answers wait for them.

A small database of its own. What is handed in lies here until the worker collects it; what is
answered lies here as ciphertext that only the requester's token opens. Begin at `actions`.
"""
