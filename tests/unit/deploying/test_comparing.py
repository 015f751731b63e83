"""What a plan says of two templates."""

from typing import Any

import pytest

from deployment.plan.comparing import Change, Fate, compare
from deployment.plan.resource_rules import ResourceRules

RULES = ResourceRules(
    {
        "AWS::DynamoDB::Table": {"KeySchema": "yes"},
        "AWS::EC2::Subnet": {"VpcId": "yes"},
        "AWS::RDS::DBInstance": {"Port": "maybe"},
    },
    frozenset({"AWS::DynamoDB::Table", "AWS::RDS::DBInstance"}),
)


def resource(kind: str, **more: Any) -> dict[str, Any]:
    policy = more.pop("DeletionPolicy", None)
    return {"Type": kind, "Properties": more, **({"DeletionPolicy": policy} if policy else {})}


def changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Change]:
    found = compare({"Resources": before}, {"Resources": after}, RULES)
    return {each.resource: each for each in found}


TABLE = resource("AWS::DynamoDB::Table", KeySchema=["a"], Billing="x")


def test_what_is_the_same_is_not_told() -> None:
    assert changes({"Table": TABLE}, {"Table": TABLE}) == {}


def test_what_the_cdk_notes_for_itself_is_no_change() -> None:
    noted = {**TABLE, "Metadata": {"aws:cdk:path": "elsewhere"}}
    assert changes({"Table": TABLE}, {"Table": noted}) == {}


def test_letters_that_cloudformation_tells_as_question_marks_are_no_change() -> None:
    before = {"Role": resource("AWS::IAM::Role", Description="a ? b")}
    after = {"Role": resource("AWS::IAM::Role", Description="a → b")}
    assert changes(before, after) == {}


def test_all_of_a_new_stack_is_new_and_endangers_nothing() -> None:
    found = changes({}, {"Table": TABLE})
    assert found["Table"].fate is Fate.NEW
    assert not found["Table"].endangers_data


def test_a_change_in_place_names_its_properties() -> None:
    after = resource("AWS::DynamoDB::Table", KeySchema=["a"], Billing="y", Tags=[])
    found = changes({"Table": TABLE}, {"Table": after})["Table"]
    assert (found.fate, found.because) == (Fate.CHANGED, ("Billing", "Tags"))
    assert not found.endangers_data


def test_a_replacement_names_only_what_forces_it_and_endangers_data() -> None:
    after = resource("AWS::DynamoDB::Table", KeySchema=["b"], Billing="y")
    found = changes({"Table": TABLE}, {"Table": after})["Table"]
    assert (found.fate, found.because) == (Fate.REPLACED, ("KeySchema",))
    assert found.endangers_data


def test_another_type_is_a_replacement() -> None:
    found = changes({"Table": TABLE}, {"Table": resource("AWS::S3::Bucket")})["Table"]
    assert (found.fate, found.because, found.endangers_data) == (Fate.REPLACED, ("Type",), True)


def test_what_may_be_replaced_is_told_as_that() -> None:
    before = {"Base": resource("AWS::RDS::DBInstance", Port=1)}
    after = {"Base": resource("AWS::RDS::DBInstance", Port=2)}
    assert changes(before, after)["Base"].fate is Fate.MAYBE_REPLACED


@pytest.mark.parametrize(
    ("policy", "fate"), [(None, Fate.REMOVED), ("Delete", Fate.REMOVED), ("Retain", Fate.LET_GO)]
)
def test_what_goes_is_removed_or_let_go(policy: str | None, fate: Fate) -> None:
    table = resource("AWS::DynamoDB::Table", DeletionPolicy=policy)
    found = changes({"Table": table}, {})["Table"]
    assert (found.fate, found.endangers_data) == (fate, True)


def test_a_policy_that_changes_is_a_change() -> None:
    after = {**TABLE, "DeletionPolicy": "Delete"}
    assert changes({"Table": TABLE}, {"Table": after})["Table"].because == ("DeletionPolicy",)


def test_what_refers_to_something_replaced_may_be_replaced_too() -> None:
    rules = ResourceRules({"Custom::A": {}, "AWS::EC2::Subnet": {"VpcId": "yes"}}, frozenset())
    before = {
        "Net": resource("Custom::A", ServiceToken="one"),
        "Subnet": resource("AWS::EC2::Subnet", VpcId={"Ref": "Net"}),
        "Other": resource("AWS::EC2::Subnet", VpcId={"Fn::GetAtt": ["Far", "Id"]}),
    }
    after = {**before, "Net": resource("Custom::A", ServiceToken="two")}
    found = compare({"Resources": before}, {"Resources": after}, rules)
    assert [(each.resource, each.fate) for each in found] == [
        ("Net", Fate.REPLACED),
        ("Subnet", Fate.MAYBE_REPLACED),
    ]
    assert found[1].because == ("VpcId refers to Net",)
