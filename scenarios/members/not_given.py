"""What stands in a member's record where nothing is given, and the most that it holds.

Serves all that works with member files, without the libraries that read them.
"""

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]

NO_DAY = 0
"""In place of a day that is not given; days are proleptic Gregorian ordinals (1 = 1 January of year 1)."""

NOT_GIVEN = -1
"""In place of a number that is not given."""

LARGEST_HOLDING = 2_000_000_000
"""The most points, and cents of a fee or of a year's spend, that a shopper's record holds."""
