"""OpenAI's files and vector stores, in the gateway: documents on their way in, and found again."""
