"""Where memberlab.scenarios stands in a checkout; type checkers only."""

from scenarios import *
