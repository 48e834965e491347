"""LocalStack without a container engine, and with Kafka event source mappings.

`functions` runs Lambda functions as Node child processes, `metrics` looks at alarms, `services` starts DynamoDB Local and JSONata from jars that
are already on the machine, `mappings` polls Kafka the way Lambda does. `settings` names every environment variable.
"""
