"""The role as which CloudFormation makes and removes the stacks of stores."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from deployment.config.deployment import DeploymentConfig
from lisa.declared.model_stack import DEPLOYMENT_TAG
from lisa.declared.store_stack import short_names_of
from stacks.constructs.encryption import key_arn, lend_key
from stacks.constructs.parameters import look_up
from stacks.constructs.statement import arn, may

LINKED: Final = ("rds.amazonaws.com", "observability.aoss.amazonaws.com")
LOGINS: Final = "stores/*"


class StoreMaker(Construct):
    """A role that nobody but CloudFormation can take, with what a store's template needs."""

    def __init__(self, scope: Construct, config: DeploymentConfig) -> None:
        super().__init__(scope, "Maker")
        self.role = iam.Role(
            self, "Role", assumed_by=iam.ServicePrincipal("cloudformation.amazonaws.com")
        )
        vpc = look_up(self, config, "network/vpc")
        rights = _Rights(cdk.Stack.of(self), config.full_name, config.secrets_prefix, vpc)
        key = key_arn(self, config)
        for statement in (*rights.all(), *lend_key(cdk.Stack.of(self), key)):
            self.role.add_to_policy(statement)


@dataclass(frozen=True)
class _Rights:
    """What can be bound to a name or a mark, is; what knows neither looks only, or is Serverless.

    Security groups have no name that we could foretell: those with our mark may be changed.
    """

    stack: cdk.Stack
    deployment: str
    secrets_prefix: str
    vpc: str

    def all(self) -> Iterator[iam.PolicyStatement]:
        yield from self._databases()
        yield from self._domains()
        yield from self._collections()
        yield from self._groups()
        yield from self._logins()
        of_services = {"StringEquals": {"iam:AWSServiceName": list(LINKED)}}
        account = f"arn:{self.stack.partition}:iam::{self.stack.account}"
        linked = [f"{account}:role/aws-service-role/*"]
        yield may("LinkedRoles", "iam", "CreateServiceLinkedRole", linked, of_services)

    def _databases(self) -> Iterator[iam.PolicyStatement]:
        kinds = ("db", "cluster", "subgrp", "pg", "cluster-pg")
        begin = short_names_of(self.deployment)
        named = [arn(self.stack, "rds", f"{kind}:{begin}*") for kind in kinds]
        yield may(
            "Databases",
            "rds",
            "CreateDBInstance ModifyDBInstance DeleteDBInstance RebootDBInstance "
            "CreateDBCluster ModifyDBCluster DeleteDBCluster "
            "CreateDBSubnetGroup ModifyDBSubnetGroup DeleteDBSubnetGroup "
            "CreateDBParameterGroup ModifyDBParameterGroup DeleteDBParameterGroup "
            "ResetDBParameterGroup CreateDBClusterParameterGroup ModifyDBClusterParameterGroup "
            "DeleteDBClusterParameterGroup ResetDBClusterParameterGroup "
            "AddTagsToResource RemoveTagsFromResource ListTagsForResource",
            named,
        )
        yield may(
            "SeeDatabases",
            "rds",
            "DescribeDBInstances DescribeDBClusters DescribeDBSubnetGroups "
            "DescribeDBParameterGroups DescribeDBParameters DescribeDBClusterParameterGroups "
            "DescribeDBClusterParameters DescribeEngineDefaultParameters "
            "DescribeEngineDefaultClusterParameters DescribeDBEngineVersions",
        )

    def _domains(self) -> Iterator[iam.PolicyStatement]:
        named = [arn(self.stack, "es", f"domain/{short_names_of(self.deployment)}*")]
        yield may(
            "Domains",
            "es",
            "CreateDomain DeleteDomain DescribeDomain DescribeDomainConfig "
            "DescribeDomainChangeProgress UpdateDomainConfig AddTags RemoveTags ListTags",
            named,
        )

    def _collections(self) -> Iterator[iam.PolicyStatement]:
        """Their ARNs are ids that nobody foretells; policies have none at all."""
        collections = [arn(self.stack, "aoss", "collection/*")]
        yield may(
            "Collections", "aoss", "DeleteCollection UpdateCollection", collections, self._marked()
        )
        ours = {"StringLike": {"aoss:collection": f"{short_names_of(self.deployment)}*"}}
        yield may(
            "MakeCollections",
            "aoss",
            "CreateCollection CreateSecurityPolicy UpdateSecurityPolicy DeleteSecurityPolicy "
            "CreateAccessPolicy UpdateAccessPolicy DeleteAccessPolicy",
            conditions=ours,
        )
        yield may(
            "CollectionsByNoName",
            "aoss",
            "BatchGetCollection ListCollections TagResource UntagResource ListTagsForResource "
            "GetSecurityPolicy ListSecurityPolicies GetAccessPolicy ListAccessPolicies",
        )

    def _groups(self) -> Iterator[iam.PolicyStatement]:
        groups = [arn(self.stack, "ec2", "security-group/*")]
        marking = {"StringEquals": {f"aws:RequestTag/{DEPLOYMENT_TAG}": self.deployment}}
        yield may("MakeGroups", "ec2", "CreateSecurityGroup", groups, marking)
        here = [arn(self.stack, "ec2", f"vpc/{self.vpc}")]
        yield may("MakeGroupsHere", "ec2", "CreateSecurityGroup", here)
        when_made = {"StringEquals": {"ec2:CreateAction": "CreateSecurityGroup"}}
        yield may("MarkGroups", "ec2", "CreateTags", groups, when_made)
        yield may(
            "Groups",
            "ec2",
            "AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress "
            "RevokeSecurityGroupIngress RevokeSecurityGroupEgress DeleteSecurityGroup "
            "CreateTags DeleteTags",
            groups,
            self._marked(),
        )
        yield may(
            "SeeNetwork",
            "ec2",
            "DescribeSecurityGroups DescribeSubnets DescribeVpcs DescribeVpcAttribute "
            "DescribeAvailabilityZones DescribeNetworkInterfaces DescribeAccountAttributes",
        )

    def _logins(self) -> Iterator[iam.PolicyStatement]:
        named = [arn(self.stack, "secretsmanager", f"secret:{self.secrets_prefix}{LOGINS}")]
        yield may(
            "Logins",
            "secretsmanager",
            "CreateSecret DeleteSecret DescribeSecret GetSecretValue PutSecretValue UpdateSecret "
            "TagResource UntagResource",
            named,
        )
        yield may("Passwords", "secretsmanager", "GetRandomPassword")

    def _marked(self) -> dict[str, object]:
        return {"StringEquals": {f"aws:ResourceTag/{DEPLOYMENT_TAG}": self.deployment}}
