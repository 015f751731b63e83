"""What the template of a store asks for: where it goes, and the options of its kind."""

from collections.abc import Mapping, Sequence
from typing import Final

import aws_cdk as cdk

from lisa.declared.store_stack import StoreParameter, parameter_of
from lisa.domain.knowledge.store_offer import StoreOption
from stacks.constructs.model_parameters import Asked, Intrinsic, either

HAS_KEY: Final = "HasKey"
YES_OR_NO: Final = ("true", "false")
PLACE: Final[Mapping[StoreParameter, Asked]] = {
    StoreParameter.NAME: Asked("A short name.", pattern="[a-z][a-z0-9-]{2,27}"),
    StoreParameter.VPC: Asked("The network.", kind="AWS::EC2::VPC::Id"),
    StoreParameter.SUBNETS: Asked("Its private subnets.", kind="List<AWS::EC2::Subnet::Id>"),
    StoreParameter.CALLERS_GROUP: Asked("Who may ask.", kind="AWS::EC2::SecurityGroup::Id"),
    StoreParameter.CALLERS: Asked("The roles that may ask.", kind="CommaDelimitedList"),
    StoreParameter.LOGIN: Asked("What the secret of its login is called."),
    StoreParameter.KEEP: Asked("Whether it can't be deleted.", "false", allowed=YES_OR_NO),
    StoreParameter.ENDPOINT: Asked("The network's endpoint.", pattern="vpce-[0-9a-f]+"),
    StoreParameter.KEY: Asked("The ARN of the key; may be empty."),
}


def ask_where(stack: cdk.Stack, names: Sequence[StoreParameter]) -> None:
    """Add these parameters."""
    for name in names:
        asked = PLACE[name]
        cdk.CfnParameter(
            stack,
            name.value,
            type=asked.kind,
            description=asked.words,
            default=asked.default,
            allowed_pattern=asked.pattern,
            allowed_values=list(asked.allowed) if asked.allowed else None,
        )


def follow_key(stack: cdk.Stack) -> None:
    """Add the condition that there is a key of ours."""
    none = cdk.Fn.condition_equals(cdk.Fn.ref(StoreParameter.KEY.value), "")
    cdk.CfnCondition(stack, HAS_KEY, expression=cdk.Fn.condition_not(none))


def our_key() -> Intrinsic:
    """Return the ARN of our key; nothing where AWS's own will do."""
    return either(HAS_KEY, {"Ref": StoreParameter.KEY.value})


def ask_which(stack: cdk.Stack, options: Mapping[str, StoreOption]) -> None:
    """Add a parameter for each option, with the values it can have."""
    for name, option in options.items():
        number = isinstance(option.usual, int | float) and not isinstance(option.usual, bool)
        choices = [f"{each}" for each in option.choices]
        cdk.CfnParameter(
            stack,
            parameter_of(name),
            type="Number" if number else "String",
            description=f"{option.label}.",
            default=f"{option.usual}".lower()
            if isinstance(option.usual, bool)
            else f"{option.usual}",
            allowed_values=list(YES_OR_NO) if isinstance(option.usual, bool) else choices or None,
            min_value=option.least,
            max_value=option.most,
        )


def when(stack: cdk.Stack, condition: str, parameter: str, value: str) -> None:
    """Add the condition that a parameter has this value."""
    told = cdk.Fn.condition_equals(cdk.Fn.ref(parameter), value)
    cdk.CfnCondition(stack, condition, expression=told)
