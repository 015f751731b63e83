"""Turns as they are measured."""
