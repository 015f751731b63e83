"""Turns: the server asks the model, runs the tools it wants and keeps what comes of it."""
