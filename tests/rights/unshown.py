"""What roles may do though no journey on the emulator shows it, and why they need it all the same.

Names of roles and statements are patterns. Whoever takes an entry out has to show the right.
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final, NamedTuple

from tests.deploy.rights import Right

NOT_ASKED: Final = "AWS itself asks for it as this role; the emulator does the same without asking"
LOGS: Final = f"writing a log: {NOT_ASKED}"
ADDRESSES: Final = f"an address in the network: {NOT_ASKED}"
MAKES: Final = "CloudFormation makes stacks as this role; the emulator's makes them as nobody"
MACHINES: Final = "agents of machines register as this role; no machine starts on the emulator"
COPIES: Final = "AWS Backup copies as this role; the emulator only records its plan"
STEPS: Final = f"a state machine calls functions: {NOT_ASKED}"
FED: Final = f"Lambda empties the queue: {NOT_ASKED}"
PAGES: Final = "a stand-in copies pages and answers with them, as the emulator has neither"
WHOLE: Final = f"roles, marks and machine images that stacks are made with: {NOT_ASKED}"
AT_ONCE: Final = "the emulator makes a stack at once, so nobody sees it on its way"
WHY: Final = "only a stack that failed is asked why; the emulator's didn't fail while it looked"
KEPT: Final = "only where the deployment keeps its data, which the emulated one does not"
MISSING: Final = "else S3 says 403, not 404, of what isn't there; the emulator says 404 to all"
BATCHES: Final = "messages are put off in batches, which the emulator doesn't know"
CLEARS: Final = "whoever clears a repository away reads its jobs; another process was first"
LEFT: Final = "a file goes with the last of its documents, unless those have gone before"
HALFWAY: Final = "only where a repository is deleted while its store is made"
KNOWN: Final = "people are noted at their first call, and the authorizer saw all of them before"
ALWAYS: Final = "only where a person lets a tool be called from now on; tests/gateway has such"
KEYS: Final = "only a provider's own key is read; the stand-in of one has none on the emulator"
CHECKED: Final = "collections are changed by the control API there; tests/gateway changes its own"
LARGE: Final = "only a turn that died with parts too large for rows; tests/local has such"
STORES: Final = "requests to a store are signed, but the stand-in behind it knows no IAM"


class Unshown(NamedTuple):
    """A reason for what a statement of a role allows; all of it unless actions are named."""

    role: str
    statement: str
    reason: str
    actions: str = "*"  # with blanks between them

    def is_about(self, right: Right) -> bool:
        """Tell whether it gives the reason for this."""
        return (
            fnmatchcase(right.role, self.role)
            and fnmatchcase(right.statement, self.statement)
            and any(fnmatchcase(right.action, action) for action in self.actions.split())
        )


def unshown() -> Iterator[Unshown]:
    """Yield every reason there is."""
    yield from never_shown()
    yield from SHOWN_AT_TIMES  # by who comes first


def never_shown() -> Iterator[Unshown]:
    """Yield the reasons for what no run of the journeys shows."""
    yield from BY_AWS
    yield from BY_SERVERS
    yield from ON_NO_JOURNEY


BY_AWS: Final = (
    Unshown("*", "OwnLogs", LOGS),
    Unshown("*/Service*TaskExecutionRole", "", LOGS),
    Unshown("network/VpcFlowLogIAMRole", "", LOGS),
    Unshown("api/ApiCloudWatchRole", "*", LOGS),
    Unshown("*/Workflow*Role", "", LOGS),
    Unshown("*/Workflow*Role", "DoSteps", STEPS),
    Unshown("*", "OwnAddress", ADDRESSES),
    Unshown("*/MakerRole", "*", MAKES),
    Unshown("*/Service*FleetInstanceRole", "*", MACHINES),
    Unshown("backup/Role", "*", COPIES),
    Unshown("lifecycle/DoorworkflowsRole", "TagStacks", WHOLE),
    Unshown("lifecycle/DoorworkflowsRole", "PassRole", WHOLE),
    Unshown("lifecycle/DoorworkflowsRole", "SeeImages", WHOLE),
    Unshown("stores/DoorstoresRole", "PassStoreRole", WHOLE),
    Unshown("stores/DoorstoresRole", "KeepStoreStacks", WHOLE, "cloudformation:*agResource"),
    Unshown(
        "ingest/DooringestRole",
        "",
        FED,
        "sqs:ReceiveMessage sqs:DeleteMessage sqs:GetQueueAttributes",
    ),
)
SHOWN_AT_TIMES: Final = (
    Unshown("lifecycle/Door*Role", "SeeParts", AT_ONCE),
    Unshown(
        "stores/DoorstoresRole",
        "SeeStoreStacks",
        AT_ONCE,
        "cloudformation:DescribeStackResources",
    ),
    Unshown("lifecycle/DoorwatchRole", "SeeStacks", WHY, "cloudformation:DescribeStackEvents"),
    Unshown("models/DoormodelsRole", "SeeStacks", WHY, "cloudformation:DescribeStackEvents"),
    Unshown("ingest/DooringestRole", "WriteTableRagJobs", CLEARS, "dynamodb:reading"),
    Unshown("repository/DoorpipelinesRole", "WriteTableRagJobs", CLEARS, "dynamodb:reading"),
    Unshown("serve/ServiceserveRole", "AppendTablePeople", KNOWN),
    Unshown("serve/ServiceserveRole", "ObjectsContent", LEFT, "s3:DeleteObject"),
)
ON_NO_JOURNEY: Final = (
    Unshown("ingest/DooringestRole", "", BATCHES, "sqs:ChangeMessageVisibility"),
    Unshown("ingest/DooringestRole", "ListingContent", MISSING),
    Unshown("repository/DoorrepositoryRole", "ListingContent", MISSING),
    Unshown("serve/ServiceserveRole", "ListingContent", MISSING),
    Unshown("repository/DoorrepositoryRole", "*Runs", HALFWAY, "states:Describe* states:Stop*"),
    Unshown("serve/ServiceserveRole", "WriteTableToolServers", ALWAYS, "dynamodb:writing"),
    Unshown("serve/ServiceserveRole", "WriteTableRepositories", CHECKED, "dynamodb:writing"),
    Unshown("litellm/ServicelitellmRole", "Secrets", KEYS),
    Unshown(
        "stores/DoorstoresRole",
        "*StoreStacks",
        KEPT,
        "cloudformation:UpdateStack cloudformation:UpdateTerminationProtection",
    ),
    Unshown("sessions/DoorsweepRole", "ObjectsContent", LARGE, "s3:GetObject s3:PutObject"),
)
BY_SERVERS: Final = (
    Unshown("*", "AskCollections", STORES),
    Unshown("*", "AskDomains", STORES),
    Unshown("api/ReadsPages", "*", PAGES),
    Unshown("web/Copies", "", PAGES),
)
