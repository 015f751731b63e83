"""A stand-in for Amazon RDS: databases in a real Postgres, behind a port of loopback."""
