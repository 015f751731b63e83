"""Models as stacks of AWS CloudFormation."""
