"""What runs before an engine: it brings the weights, then becomes the engine.

It runs on whatever Python an engine's image has, from 3.10 on, with boto3 alone. So it can't import
`lisa`; what both must say alike is compared by tests/unit/engines_loading/test_images.py.
"""
