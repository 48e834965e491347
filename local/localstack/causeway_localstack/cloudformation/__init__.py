"""What CloudFormation needs beyond LocalStack's own: custom resources, and mappings with Kafka's spelling."""
