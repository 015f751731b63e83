"""A stand-in for an AWS account, on loopback: ministack in an environment of its own."""
