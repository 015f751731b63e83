"""Doors that ECS and the local profile run as processes."""
