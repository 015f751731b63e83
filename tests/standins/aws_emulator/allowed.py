"""Notes which statement of its role let a call through: role, action, resource, the statement's id.

A statement that several journeys rely on is noted once for each action and resource.
"""

import json
from pathlib import Path
from typing import Any

# Not in our environment: the emulator has one of its own.
from ministack.core import iam_evaluator  # type: ignore[import-not-found] # see above

BECOME = ":assumed-role/"


def note_what_is_allowed(file: Path) -> None:
    """Add a line to that file for each new reason why a role may do something."""
    evaluate, known = iam_evaluator.evaluate, set[str]()

    def evaluated(asked: Any, *policies: Any) -> Any:
        decided = evaluate(asked, *policies)
        # A simulation is asked in the role's own name, not in that of somebody who became it.
        if decided.decision == "Allow" and BECOME in asked.principal_arn:
            role = asked.principal_arn.partition(BECOME)[2].partition("/")[0]
            line = json.dumps([role, asked.action, asked.resource_arn, decided.matched_sid])
            if line not in known:
                known.add(line)
                with file.open("a") as notes:  # at once: emulators are killed
                    notes.write(f"{line}\n")
        return decided

    iam_evaluator.evaluate = evaluated
