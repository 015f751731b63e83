"""Images of engines, each with a program before it that brings the weights."""
