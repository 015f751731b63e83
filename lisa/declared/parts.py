"""The parts of a deployment that another may leave out, for whatever belongs to one of them."""

from enum import Enum


class Part(Enum):
    """What can be left out; the rest is of every deployment."""

    INFERENCE = "inference"  # the gateway, and models that run in its network
    CHAT = "chat"  # sessions, projects, prompts, files and tools of people
    KNOWLEDGE = "knowledge"  # documents that are found
    PAGES = "pages"
