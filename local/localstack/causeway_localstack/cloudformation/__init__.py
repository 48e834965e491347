"""What CloudFormation needs beyond LocalStack's own: custom resources, dashboards, Kafka's mappings, a quicker pace."""
