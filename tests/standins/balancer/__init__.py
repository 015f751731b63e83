"""An application load balancer's stand-in."""
