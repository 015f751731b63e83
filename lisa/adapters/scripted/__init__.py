"""A host for demos: it runs nothing, and follows a script."""
