"""Data files; see the YAML documents beside this file."""
