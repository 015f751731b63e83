"""The policy's table, and the scopes that narrow it."""

import itertools

import pytest

from lisa.domain.errors import Forbidden
from lisa.domain.identity import Limits, Principal
from lisa.domain.policy import TABLE, Kind, Thing, Verb, decide, require
from lisa.domain.scopes import Plane, covers, lie_within

ALICE = Principal(subject="alice", groups=frozenset({"research"}))
ADMIN = Principal(subject="root", admin=True)
RAG_ADMIN = Principal(subject="rita", rag_admin=True, groups=frozenset({"research"}))
POWERS = [
    frozenset(scopes)
    for count in range(5)
    for scopes in itertools.combinations(("control", "inference", "model:a", "model:b"), count)
]


def use(groups: set[str]) -> Thing:
    return Thing(Kind.MODEL, id="m", groups=frozenset(groups))


def test_what_no_rule_names_is_denied_to_administrators_too() -> None:
    everything = Principal(
        subject="root", admin=True, rag_admin=True, groups=frozenset({"research"})
    )
    for kind, verb in itertools.product(Kind, Verb):
        if (kind, verb) not in TABLE:
            decision = decide(everything, verb, Thing(kind, owner="root"))
            assert not decision.allowed
            assert "nobody" in decision.because


def test_other_peoples_sessions_are_for_nobody_else() -> None:
    for verb, person in itertools.product(Verb, (ALICE, ADMIN, RAG_ADMIN)):
        assert not decide(person, verb, Thing(Kind.SESSION, owner="bob")).allowed


def test_an_object_without_an_owner_is_nobodys() -> None:
    assert not decide(ALICE, Verb.READ, Thing(Kind.SESSION)).allowed


@pytest.mark.parametrize(
    ("groups", "allowed"), [(set(), True), ({"research"}, True), ({"finance"}, False)]
)
def test_a_group_opens_an_object_and_no_group_is_for_all(
    groups: set[str], *, allowed: bool
) -> None:
    assert decide(ALICE, Verb.USE, use(groups)).allowed is allowed
    assert decide(ADMIN, Verb.USE, use(groups)).allowed


def test_a_pass_opens_the_model_that_it_lends_and_no_other() -> None:
    lent = Principal(subject="alice", lent="m", scopes=frozenset({"inference", "model:m"}))
    assert decide(lent, Verb.USE, use({"finance"})).allowed
    unscoped = Principal(subject="alice", lent="m")
    other = Thing(Kind.MODEL, id="n", groups=frozenset({"finance"}))
    assert not decide(unscoped, Verb.USE, other).allowed
    assert not decide(lent, Verb.USE, Thing(Kind.MODEL, id="n")).allowed
    assert not decide(lent, Verb.READ, use({"finance"})).allowed


def test_rag_administrators_keep_the_repositories_of_their_groups() -> None:
    theirs = Thing(Kind.REPOSITORY, groups=frozenset({"research"}))
    others = Thing(Kind.REPOSITORY, groups=frozenset({"finance"}))
    assert decide(RAG_ADMIN, Verb.CHANGE, theirs).allowed
    assert not decide(RAG_ADMIN, Verb.CHANGE, others).allowed
    assert not decide(ALICE, Verb.CHANGE, theirs).allowed


def test_tokens_are_made_for_oneself_if_in_the_api_group_and_for_others_by_administrators() -> None:
    outside = Principal(subject="alice", may_make_tokens=False)
    own, others = Thing(Kind.TOKEN, owner="alice"), Thing(Kind.TOKEN, owner="bob")
    assert decide(ALICE, Verb.CREATE, own).allowed
    assert not decide(ALICE, Verb.CREATE, others).allowed
    assert not decide(outside, Verb.CREATE, own).allowed
    assert decide(ADMIN, Verb.CREATE, others).allowed


def test_a_refusal_says_which_rule_would_have_allowed_it() -> None:
    with pytest.raises(Forbidden, match="only administrators may change it") as refusal:
        require(ALICE, Verb.CHANGE, Thing(Kind.CONFIGURATION))
    assert refusal.value.precise_code == "not_allowed"


def test_a_scope_narrows_even_an_administrator() -> None:
    scoped = ADMIN.model_copy(update={"scopes": frozenset({"inference", "model:m"})})
    assert decide(scoped, Verb.USE, use(set())).allowed
    assert not decide(scoped, Verb.USE, Thing(Kind.MODEL, id="other")).allowed
    with pytest.raises(Forbidden) as refusal:
        require(scoped, Verb.CHANGE, Thing(Kind.CONFIGURATION))
    assert refusal.value.precise_code == "out_of_scope"


@pytest.mark.parametrize("outer", POWERS)
@pytest.mark.parametrize("inner", POWERS)
def test_scopes_lie_within_others_only_if_those_cover_all_they_cover(
    inner: frozenset[str], outer: frozenset[str]
) -> None:
    uses = [(Plane.CONTROL, ""), *((Plane.INFERENCE, model) for model in ("a", "b", "c"))]
    covered = all(covers(outer, *one) for one in uses if covers(inner, *one))
    if lie_within(inner, outer):
        assert covered
        assert inner or not outer


@pytest.mark.parametrize("scopes", POWERS)
def test_scopes_lie_within_themselves(scopes: frozenset[str]) -> None:
    assert lie_within(scopes, scopes)


def test_limits_lie_within_others_only_if_each_is_as_low() -> None:
    bounds = Limits(requests_per_minute=10)
    assert Limits(requests_per_minute=10, tokens_per_minute=5).lie_within(bounds)
    assert not Limits(requests_per_minute=11).lie_within(bounds)
    assert not Limits(tokens_per_minute=1).lie_within(bounds)
    assert Limits(tokens_per_minute=1).filled_from(bounds).lie_within(bounds)
