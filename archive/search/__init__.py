"""The search engine room: documents in, hits and facets out. Knows no other room.

The only room that knows Whoosh. The staff index and the edition's index are two `SearchIndex`
in two folders. What may be found is decided by who writes; here it is only found.
Begin at `index.SearchIndex`; how Swedish is compared is in `stems.key`.
"""

from archive.search.documents import SearchDoc, SearchUnavailable
from archive.search.finder import Results
from archive.search.highlight import highlight
from archive.search.index import SearchIndex
from archive.search.query import Query, parse

__all__ = [
    "Query",
    "Results",
    "SearchDoc",
    "SearchIndex",
    "SearchUnavailable",
    "highlight",
    "parse",
]
