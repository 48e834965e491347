"""Kafka event source mappings: what the API accepts, how the topic is polled, what the function is sent.

A record's way: `poller` (the Kafka consumer) -> `encoding` -> `buffer` (per partition) -> `batches` (which partitions go
into the next event) -> `delivery` (invoke, retry, give up) -> back to `poller`, which commits.
"""
