"""A turn: what a model, and the tools it asks for, make of one request (OpenAI's Responses)."""
