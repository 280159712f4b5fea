"""Sets of assumptions that ship with memberlab."""
