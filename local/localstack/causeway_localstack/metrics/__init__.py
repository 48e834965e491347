"""CloudWatch metrics in the embedded format of functions' logs, and alarms on them that are looked at in time.

LocalStack reads no metrics from logs, and looks at an alarm once in all of its periods together, at averages, sums and
counts only.
"""
