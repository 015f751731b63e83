"""The life of a model that we run ourselves: what is asked for, and the steps that do it."""
