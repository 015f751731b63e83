"""OpenAI's Responses and Conversations, in the gateway: turns on its way in and out."""
