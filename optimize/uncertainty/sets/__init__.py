"""The scenario sets that ship with memberlab."""
