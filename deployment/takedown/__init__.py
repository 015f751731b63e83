"""What goes when a deployment goes, and what stays."""
