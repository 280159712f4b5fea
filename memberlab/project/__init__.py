"""The project folder that `memberlab init` writes: policies, worlds, checks, tests and continuous integration.

Serves a team on its first day with policies in git. Each file stands beside this one as a `.template`.
"""

from .layout import FILES, Written, write_project

__all__ = ["FILES", "Written", "write_project"]
