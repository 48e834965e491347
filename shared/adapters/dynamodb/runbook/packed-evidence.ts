import { deflateSync, inflateSync } from 'node:zlib';
import { z } from 'zod';
import type { Evidence } from '../../../runbook/stage.ts';
import { cutLists } from './cut-lists.ts';

/** DynamoDB takes items of 400 KB (Service quotas); the rest is for the other attributes. */
export const MAX_PACKED_BYTES = 350_000;

/** Entries that are kept of every list, most first: what fits is found in at most so many steps. */
const KEPT = [10_000, 3_000, 1_000, 300, 100, 30, 10, 3, 1, 0];

/** JSON larger than this is not written by this code; a length that an item claims is not believed beyond it. */
const MAX_JSON_BYTES = 256 * 1024 * 1024;

const evidenceJson = z.custom<Evidence>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

/**
 * Evidence as deflated JSON of at most `maxBytes`. Where it is larger, every list keeps as many of its first entries as
 * fit, and `leftOut` says by the list's path how many went. 10,000 partitions with their offsets are some 100 KB.
 */
export function packEvidence(evidence: Evidence, maxBytes = MAX_PACKED_BYTES): Uint8Array {
  const whole = deflate(evidence);
  if (whole.length <= maxBytes) return whole;
  for (const most of KEPT) {
    const packed = deflate(cutLists(evidence, most));
    if (packed.length <= maxBytes) return packed;
  }
  return deflate({ leftOut: { evidence: 1 } });
}

/** What {@link packEvidence} was given. @throws Error or ZodError for anything else */
export function unpackEvidence(packed: Uint8Array): Evidence {
  return evidenceJson.parse(JSON.parse(inflateSync(packed, { maxOutputLength: MAX_JSON_BYTES }).toString()));
}

function deflate(evidence: Evidence): Uint8Array {
  // Offsets may come as bigint, which JSON has not.
  const json = JSON.stringify(evidence, (_key, value) => (typeof value === 'bigint' ? String(value) : value));
  return deflateSync(json);
}
