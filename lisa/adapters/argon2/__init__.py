"""Adapters made of argon2, which keeps passwords."""
