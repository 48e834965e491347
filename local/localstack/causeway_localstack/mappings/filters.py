"""FilterCriteria: records that match none of the patterns are passed over, and committed."""

import json
from binascii import a2b_base64
from typing import Any

from localstack.utils.event_matcher import matches_event


class RecordFilter:
    def __init__(self, criteria: dict[str, Any] | None) -> None:
        self._patterns = [json.loads(item["Pattern"]) for item in (criteria or {}).get("Filters", [])]

    def accepts(self, record_text: str) -> bool:
        if not self._patterns:
            return True
        record = json.loads(record_text)
        for member in ("key", "value"):
            if record[member] is None:
                continue
            data = a2b_base64(record[member]).decode(errors="replace")
            try:
                record[member] = json.loads(data)
            except ValueError:
                record[member] = data
        return any(matches_event(pattern, record) for pattern in self._patterns)
