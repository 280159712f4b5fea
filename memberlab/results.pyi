"""Where memberlab.results stands in a checkout; type checkers only."""

from results import *
