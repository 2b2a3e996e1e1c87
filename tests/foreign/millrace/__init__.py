"""A client of Millrace in Python, written from docs/PROTOCOL.md alone."""
