"""What `make` calls: set-up and the timed runner, in nothing but the standard library."""
