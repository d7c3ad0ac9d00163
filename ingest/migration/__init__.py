"""Format migration: what is kept in a format that ages gets a new version beside the original.

The original stays; taking it away would be disposal, and goes that way. What can be converted
here is one table (`converters`). Begin at `actions.start` and `tasks.migrate_step`.
"""
