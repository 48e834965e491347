"""EventBridge rules with a schedule, and EventBridge Scheduler: on time, and as they are at that moment.

LocalStack's own loop looks once in about a minute at jobs that know nothing of a rule that was disabled or put again, and
it fires no schedule of EventBridge Scheduler at all.
"""
