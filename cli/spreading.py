"""Options that several commands share, told once: a dataclass whose fields become options."""

import inspect
from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar, get_type_hints

Shared = TypeVar("Shared")


def spread(shared: type[Shared], into: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command, in place of its parameter `into`, the fields of a dataclass as options."""

    def around(command: Callable[..., None]) -> Callable[..., None]:
        def spread_out(**given: Any) -> None:
            values = {name: given.pop(name) for name in options}
            command(**given, **{into: shared(**values)})

        options = _options_of(shared)
        signature = inspect.signature(command)
        own = [each for each in signature.parameters.values() if each.name != into]
        needed = [each for each in own if each.default is inspect.Parameter.empty]
        others = [each for each in own if each not in needed]
        parameters = [*needed, *options.values(), *others]
        spread_out.__doc__ = command.__doc__
        spread_out.__name__ = command.__name__
        spread_out.__annotations__ = {each.name: each.annotation for each in parameters}
        vars(spread_out)["__signature__"] = signature.replace(parameters=parameters)
        return spread_out

    return around


def _options_of(shared: Any) -> dict[str, inspect.Parameter]:
    hints = get_type_hints(shared, include_extras=True)
    return {
        each.name: inspect.Parameter(
            each.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=each.default,
            annotation=hints[each.name],
        )
        for each in fields(shared)
    }
