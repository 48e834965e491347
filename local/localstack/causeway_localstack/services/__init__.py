"""Services that LocalStack would download something for: here they use jars that are already on the machine."""
