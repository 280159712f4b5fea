"""Where memberlab.sim stands in a checkout; type checkers only."""

from sim import *
