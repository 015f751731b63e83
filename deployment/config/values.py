"""How the values of a configuration are written, wherever they stand."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

ARN: Final = r"arn:[a-z-]+:"
Cidr = Annotated[str, Field(pattern=r"^\d{1,3}(\.\d{1,3}){3}/\d{1,2}$", examples=["10.0.0.0/8"])]
Subnets = tuple[
    Annotated[str, Field(pattern=r"^subnet-[0-9a-f]+$", examples=["subnet-0123456789abcdef0"])], ...
]
Certificate = Annotated[
    str,
    Field(
        pattern=rf"^({ARN}acm:.+)?$",
        examples=["arn:aws:acm:eu-central-1:123456789012:certificate/1111-22"],
    ),
]
Domain = Annotated[
    str,
    Field(
        pattern=r"^(([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})?$",
        examples=["lisa.example.com"],
    ),
]
Secret = Annotated[
    str,
    Field(
        pattern=rf"^({ARN}secretsmanager:[a-z0-9-]+:\d{{12}}:secret:.+-\w{{6}})?$",
        examples=["arn:aws:secretsmanager:eu-central-1:123456789012:secret:name-AbCdEf"],
    ),
]
InstanceType = Annotated[str, Field(pattern=r"^[a-z0-9-]+\.[a-z0-9-]+$", examples=["m6i.large"])]
KeyArn = Annotated[
    str,
    Field(
        pattern=rf"^{ARN}kms:[a-z0-9-]+:\d{{12}}:key/[\w-]+$",
        examples=["arn:aws:kms:eu-central-1:123456789012:key/1111-22"],
    ),
]
RoleArn = Annotated[
    str,
    Field(
        pattern=rf"^{ARN}iam::\d{{12}}:role/[\w+=,.@/-]+$",
        examples=["arn:aws:iam::123456789012:role/lisa-sessions"],
    ),
]
Policy = Annotated[
    str,
    Field(
        pattern=rf"^({ARN}iam::(\d{{12}}|aws):policy/[\w+=,.@/-]+)?$",
        examples=["arn:aws:iam::123456789012:policy/boundary"],
    ),
]
Group = Annotated[str, Field(pattern=r"^sg-[0-9a-f]+$", examples=["sg-0123456789abcdef0"])]
Email = Annotated[
    str,
    Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254, examples=["ops@example.com"]),
]


def of_one_version(image: str) -> str:
    """Return an image, unless nobody could tell which version of it runs."""
    if image and not re.fullmatch(r"[^@\s]+(@sha256:[0-9a-f]{64}|:[\w.-]+)", image):
        raise ValueError("needs a tag or a digest")
    return image


Topic = Annotated[
    str,
    Field(
        pattern=rf"^({ARN}sns:[a-z0-9-]+:\d{{12}}:[\w-]+)?$",
        examples=["arn:aws:sns:eu-central-1:123456789012:alarms"],
    ),
]
Image = Annotated[
    str,
    AfterValidator(of_one_version),
    Field(examples=["123456789012.dkr.ecr.eu-central-1.amazonaws.com/lisa:1.2"]),
]
Buckets = tuple[
    Annotated[
        str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", examples=["our-documents"])
    ],
    ...,
]


class Part(BaseModel):
    """A part of a configuration: it never changes, and refuses what it doesn't know."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
