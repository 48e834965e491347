"""What CloudFormation needs beyond LocalStack's own: custom resources, mappings with Kafka's spelling, a quicker pace."""
