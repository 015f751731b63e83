"""Runs the gateway: `python -m containers.serve`."""

from containers.serve.server import run

if __name__ == "__main__":
    run()
