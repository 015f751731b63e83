"""What is known of a deployment besides its resources: what it may choose, and what AWS offers."""
