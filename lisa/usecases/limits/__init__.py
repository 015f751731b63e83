"""Limits and budgets of callers and models, held for all gateway processes together."""
