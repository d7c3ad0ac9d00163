"""The staff workbench: the frame around every staff page, the dashboard, jobs and audit.

Shows what other rooms hand it (`cards`), and changes nothing but jobs. Begin at `frame`.
"""
