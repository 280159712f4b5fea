"""Validation: does a market that was fitted to some customers live as others did, whom the fit never saw?"""
