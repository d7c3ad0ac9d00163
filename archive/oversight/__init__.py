"""Where plans meet holdings: a decided plan enters into force, and records are decided anew.

Begin at `tasks.install`.
"""
