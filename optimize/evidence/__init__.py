"""The evidence: published facts, each with an experiment that tries it on simulated shoppers."""
