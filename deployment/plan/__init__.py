"""What a deployment would change in an account, before it does."""
