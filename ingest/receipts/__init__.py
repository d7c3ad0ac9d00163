"""Receipts (kvitto, reversal): what the archive has taken over, on paper and kept as a record.

Begin at `making.receipt_step`.
"""
