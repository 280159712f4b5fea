"""Where memberlab.policies stands in a checkout; type checkers only."""

from policies import *
