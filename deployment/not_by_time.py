"""The types of resources that are billed for what is done or kept, or not at all."""

from typing import Final

_NAMES: Final = """
ApiGateway::Account ApiGateway::Authorizer ApiGateway::BasePathMapping ApiGateway::Deployment
ApiGateway::DomainName ApiGateway::GatewayResponse ApiGateway::Method ApiGateway::Model
ApiGateway::RequestValidator ApiGateway::Resource ApiGateway::RestApi ApiGateway::UsagePlan
ApplicationAutoScaling::ScalableTarget ApplicationAutoScaling::ScalingPolicy
AutoScaling::LifecycleHook AutoScaling::ScalingPolicy Backup::BackupPlan Backup::BackupSelection
Backup::BackupVault CDK::Metadata CloudWatch::InsightRule Cognito::UserPool
Cognito::UserPoolClient Cognito::UserPoolDomain Cognito::UserPoolGroup
Cognito::UserPoolResourceServer DynamoDB::Table EC2::FlowLog EC2::InternetGateway
EC2::LaunchTemplate EC2::Route EC2::RouteTable EC2::SecurityGroup EC2::SecurityGroupEgress
EC2::SecurityGroupIngress EC2::Subnet EC2::SubnetRouteTableAssociation EC2::VPC
EC2::VPCGatewayAttachment ECS::CapacityProvider ECS::Cluster
ECS::ClusterCapacityProviderAssociations ECS::TaskDefinition ElasticLoadBalancingV2::Listener
ElasticLoadBalancingV2::ListenerRule ElasticLoadBalancingV2::TargetGroup Events::Rule
IAM::InstanceProfile IAM::ManagedPolicy IAM::Policy IAM::Role KMS::Alias
Lambda::EventInvokeConfig Lambda::EventSourceMapping Lambda::Function Lambda::LayerVersion
Lambda::Permission Lambda::Url Logs::LogGroup Logs::MetricFilter Logs::QueryDefinition
Logs::ResourcePolicy OpenSearchServerless::AccessPolicy OpenSearchServerless::SecurityPolicy
RDS::DBClusterParameterGroup RDS::DBParameterGroup RDS::DBSubnetGroup Route53::RecordSet
S3::Bucket S3::BucketPolicy SNS::Subscription SNS::Topic SNS::TopicPolicy SQS::Queue
SQS::QueuePolicy SSM::Parameter SecretsManager::ResourcePolicy SecretsManager::RotationSchedule
SecretsManager::SecretTargetAttachment StepFunctions::StateMachine XRay::Group
XRay::SamplingRule
"""
NOT_BY_TIME: Final = frozenset(f"AWS::{each}" for each in _NAMES.split())
