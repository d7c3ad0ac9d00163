"""The archivist's pen: edit beside the image, describe new, change many, move, merge, take back.

Writes through the holdings and asks the law there; holds no rule of its own about who may see
what. Begin at `views` and `actions`.
"""
