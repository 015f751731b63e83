"""Whether images that are built already can be pulled."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from deployment.preflight.check import Check, Situation, fail, ok, unknown
from lisa.domain.errors import NotFound

IN_ECR: Final = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.[a-z.]+/"
    r"(?P<repository>[a-z0-9._/-]+?)(:(?P<tag>[\w.-]+))?(@(?P<digest>sha256:[0-9a-f]{64}))?"
)


def images(situation: Situation) -> Iterator[Check]:
    """Look for each image that is named, where it lies in a registry of AWS."""
    for name, image in _named(situation).items():
        if not image:
            continue
        found = IN_ECR.fullmatch(image)
        if found is None:
            yield unknown(
                name,
                f"{image} lies in no registry of AWS, so nobody looked for it",
                "see that containers reach that registry, or copy the image to ECR",
            )
        else:
            yield _in_ecr(situation, name, image, found)


def _named(situation: Situation) -> Mapping[str, str]:
    config = situation.config
    if not config.serve.enabled:
        return {}
    return {
        "serve.image": config.serve.image,
        "litellm.image": config.litellm.image,
        "knowledge.image": config.knowledge.image if config.has_knowledge else "",
        **{f"models.images.{name}": image for name, image in config.models.images.items()},
    }


def _in_ecr(situation: Situation, name: str, image: str, found: re.Match[str]) -> Check:
    which = {"imageDigest": found["digest"]} if found["digest"] else {"imageTag": found["tag"]}
    try:
        situation.account.ask(
            "ecr",
            "describe_images",
            there=found["region"],
            registryId=found["account"],
            repositoryName=found["repository"],
            imageIds=[which],
        )
    except NotFound:
        return fail(name, f"there is no {image}", "push it, or correct the name")
    return ok(name, image)
