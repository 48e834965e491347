"""Lambda functions as Node child processes."""
