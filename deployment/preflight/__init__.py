"""What an account must have before something is deployed into it."""
