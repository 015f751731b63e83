"""The command `lisa policy explain`: why somebody may or may not do something."""

from typing import Annotated

import typer

from cli.client import lisa_of
from cli.given import given
from cli.options import Home, Json, Url
from cli.output import answer
from lisa.domain.policy import Kind, Verb

Question = dict[str, str | bool | list[str]]
As = Annotated[str, typer.Option("--as", help="Who would do it.", metavar="USER")]
Can = Annotated[
    tuple[Verb, Kind],
    typer.Option("--can", help="What would be done, to what.", metavar="VERB OBJECT"),
]
Groups = Annotated[
    list[str] | None, typer.Option(help="A group of theirs; can be repeated.", metavar="G")
]
Admin = Annotated[bool, typer.Option("--admin", help="They are administrator.")]
RagAdmin = Annotated[bool, typer.Option("--rag-admin", help="They look after repositories.")]
Scopes = Annotated[
    list[str] | None, typer.Option(help="A scope of their token; can be repeated.", metavar="S")
]
Owner = Annotated[str, typer.Option(help="Whose object it is.", metavar="O")]
ObjectGroups = Annotated[
    list[str] | None, typer.Option(help="A group of the object; can be repeated.", metavar="G")
]
ObjectId = Annotated[str, typer.Option("--id", help="The object's id.", metavar="ID")]


def explain(  # noqa: PLR0913 - one for each option
    *,
    subject: As,
    can: Can,
    group: Groups = None,
    admin: Admin = False,
    rag_admin: RagAdmin = False,
    scope: Scopes = None,
    owner: Owner = "",
    object_group: ObjectGroups = None,
    object_id: ObjectId = "",
    home: Home = None,
    url: Url = "",
    as_json: Json = False,
) -> None:
    """Tell whether somebody may do something, and by which rule.

    Without --owner the object is somebody else's.

    For example:
      lisa policy explain --as alice --can read session --owner alice
      lisa policy explain --as bob --group research --can use model --object-group research
    """
    verb, kind = can
    question: Question = {
        "as": subject,
        "can": verb.value,
        "kind": kind.value,
        "group": group or [],
        "admin": admin,
        "rag_admin": rag_admin,
        "scope": scope or [],
        "id": object_id,
        "owner": owner,
        "object_group": object_group or [],
    }
    told = lisa_of(given(home=home, url=url)).ask("GET", "/policy/explain", **question)
    says = "yes" if told["allowed"] else "no"
    answer(told, f"{says}: {told['because']}", as_json=as_json)
