"""`python -m memberlab` is the same as `memberlab`."""

from memberlab.cli import main

main()
