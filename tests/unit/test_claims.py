"""What a verified token makes of its bearer: subject, groups, roles, admission."""

from typing import Any

import pytest

from lisa.domain.claims import Admission, Claims, RoleGroups, groups_of
from lisa.domain.errors import Forbidden, Unauthenticated
from lisa.domain.identity import Principal
from lisa.domain.issuers import Issuer

ROLES = RoleGroups(admin="admins", rag_admin="librarians", user="staff", api="developers")


def issuer(**more: Any) -> Issuer:
    fields = {"issuer": "https://idp.test", "audience": "lisa"}
    return Issuer.model_validate(fields | more)


def claims(values: dict[str, object], **more: Any) -> Claims:
    return Claims(issuer(**more), {"sub": "alice"} | values)


def admitted(given: Admission, said: Claims) -> Principal:
    return given.principal(given.person(said))


def admission(roles: RoleGroups | None = None, *prefixes: str) -> Admission:
    return Admission(roles or RoleGroups(), frozenset(prefixes))


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("groups", {"groups": ["a", "b"]}),
        ("cognito:groups", {"cognito:groups": ["a", "b"]}),
        ("realm_access.roles", {"realm_access": {"roles": ["a", "b"]}}),
        ("https://lisa.test/groups", {"https://lisa.test/groups": ["a", "b"]}),
        ("resource_access.my.app.roles", {"resource_access": {"my.app": {"roles": ["a", "b"]}}}),
        ("x.y", {"x.y": ["a", "b"], "x": {"y": ["no"]}}),
        ("x.y.z", {"x": {}, "x.y": {"z": ["a", "b"]}}),
    ],
)
def test_groups_are_found_by_a_path_or_by_a_key_with_dots(
    path: str, values: dict[str, object]
) -> None:
    assert groups_of(claims(values, groups_claim=path)) == {"a", "b"}


def test_a_single_text_is_a_single_group() -> None:
    assert groups_of(claims({"groups": "a b"})) == {"a b"}


@pytest.mark.parametrize(
    "nonsense", [None, 5, True, {}, {"a": 1}, [1], ["a", 1], [["a"]], [""], "", [None]], ids=str
)
def test_nonsense_means_no_groups(nonsense: object) -> None:
    assert groups_of(claims({"groups": nonsense})) == frozenset()


@pytest.mark.parametrize("path", ["", ".", "a.", ".a", "sub.x", "missing.path"])
def test_a_path_that_leads_nowhere_means_no_groups(path: str) -> None:
    assert groups_of(claims({}, groups_claim=path)) == frozenset()


def test_roles_come_from_groups() -> None:
    caller = admitted(admission(ROLES), claims({"groups": ["admins", "developers"]}))
    assert (caller.subject, caller.admin, caller.rag_admin) == ("alice", True, False)
    assert caller.may_make_tokens
    assert caller.groups == {"admins", "developers"}
    librarian = admitted(admission(ROLES), claims({"groups": "librarians"}))
    assert (librarian.admin, librarian.rag_admin, librarian.may_make_tokens) == (
        False,
        True,
        False,
    )


def test_without_settings_nobody_is_administrator_and_everybody_is_let_in() -> None:
    caller = admitted(admission(), claims({"groups": ["", "admins"]}))
    assert (caller.admin, caller.rag_admin, caller.may_make_tokens) == (False, False, True)


def test_group_names_are_taken_to_the_letter() -> None:
    caller = admitted(
        admission(RoleGroups(admin="admins")),
        claims({"groups": ["Admins", "/admins", "admins ", "admin"]}),
    )
    assert not caller.admin


@pytest.mark.parametrize("group", ["staff", "admins", "librarians"])
def test_the_app_wide_group_and_administrators_are_let_in(group: str) -> None:
    assert admitted(admission(ROLES), claims({"groups": [group]})).subject == "alice"


@pytest.mark.parametrize("groups", [[], ["developers"], ["STAFF"], None])
def test_a_valid_login_outside_the_app_wide_group_is_forbidden(groups: object) -> None:
    with pytest.raises(Forbidden) as caught:
        admitted(admission(ROLES), claims({"groups": groups}))
    assert not isinstance(caught.value, Unauthenticated)
    assert caught.value.precise_code == "not_in_group"


def test_the_subject_is_the_claim_that_the_issuer_is_configured_for() -> None:
    values: dict[str, object] = {"username": "al", "profile": {"login": "alice@test"}}
    assert admitted(admission(), claims(values, username_claim="username")).subject == "al"
    by_path = claims(values, username_claim="profile.login")
    assert admitted(admission(), by_path).subject == "alice@test"


@pytest.mark.parametrize(
    "subject", [None, "", 5, ["alice"], "a\nb", "a\x00", "x" * 129, "\ud800", True], ids=repr
)
def test_a_token_without_a_sensible_subject_is_nobody(subject: object) -> None:
    with pytest.raises(Unauthenticated):
        admitted(admission(), claims({"sub": subject}))


def test_two_issuers_never_name_the_same_subject() -> None:
    both = admission(None, "", "partner:")
    theirs = admitted(both, claims({}, prefix="partner:"))
    assert theirs.subject == "partner:alice"
    with pytest.raises(Unauthenticated):
        admitted(both, claims({"sub": "partner:alice"}))
    assert admitted(both, claims({"sub": "auth0:alice"})).subject == "auth0:alice"


@pytest.mark.parametrize("prefix", ["", "local:"])
def test_nobody_of_an_issuer_is_the_owner_of_the_machine(prefix: str) -> None:
    said = claims({"sub": "local"}, prefix=prefix)
    if prefix:
        assert admitted(admission(), said).subject == "local:local"
    else:
        with pytest.raises(Unauthenticated):
            admission().person(said)
