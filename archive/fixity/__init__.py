"""Whether what is kept is what was taken in, told to people: the page at the desk, and the letter.

The reading itself is `archive/storage/fixity.py`. Begin at `views`.
"""
