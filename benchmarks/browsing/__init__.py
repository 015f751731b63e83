"""The chat's page as it is measured in a browser."""
