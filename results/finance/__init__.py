"""Finance: the books that a run keeps, the statements made from them, and what must be true of both.

Import from `memberlab.results`, which loads these files when a name is first asked for: tables need pandas, runs do
not.
"""
