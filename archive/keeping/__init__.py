"""The memory of the store: what the database knows of the records, kept beside the records."""
