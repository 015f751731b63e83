"""What a deployment may choose: frozen, typed, with defaults that are safe for production."""
