"""Where memberlab.optimize stands in a checkout; type checkers only."""

from optimize import *
