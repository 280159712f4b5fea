"""Policies under test with pytest: the `policy_check` fixture, and the contract that every policy can inherit.

Serves engineers who keep policies in git. The plugin is there as soon as memberlab is installed; nothing heavy is
imported before a test asks for a simulation.
"""

from .contract import PolicyContract
from .policy_check import PolicyCheck
from .statement import Statement

__all__ = ["PolicyCheck", "PolicyContract", "Statement"]
