import { type Assumptions, BYTES_PER_TB, type FlowSettings, SECONDS_PER_MONTH, type Workload } from './workload.ts';

/** Of an event: Lambda's limit for a synchronous invocation, which an event source mapping fills at most. */
const EVENT_BYTES = 6 * 1_048_576;
/** Of a record in an event beside its base64: names, offset, timestamp, punctuation. */
const RECORD_JSON_BYTES = 150;
const BASE64 = 4 / 3;
/** The least memory that has one CPU to itself (AWS Lambda, memory). JavaScript is no faster with more. */
const ONE_CPU_MB = 1_769;
/** One produce request and the write of HEAD after it (docs/protocol.md). */
const ROUND_TRIPS = 2;

/** What `npm run bench -- handler --values letters` prints on a busy machine (README.md): CPU seconds for a million records. */
const HANDLER_CPU = { small: { bytes: 100, seconds: 1.74 }, large: { bytes: 1_024, seconds: 3.5 } } as const;

/** How a flow's records come to `replicate`. */
export interface Deliveries {
  readonly recordsPerMonth: number;
  readonly perMonth: number;
  readonly recordsEach: number;
  /** Partitions that one delivery has records of, on average. */
  readonly partitionsEach: number;
  readonly cpuMsEach: number;
  readonly durationMsEach: number;
}

/** Traffic is even in time, over topics and over partitions: uneven traffic has fewer and fuller deliveries. */
export function deliveriesOf(workload: Workload, settings: FlowSettings, assumptions: Assumptions): Deliveries {
  const { tbPerMonth, recordBytes, topics, partitions } = workload;
  const recordsPerMonth = (tbPerMonth * BYTES_PER_TB) / recordBytes;
  const gatherSeconds = settings.batchingWindowSeconds || assumptions.gatherMs / 1_000;
  const gathered = (recordsPerMonth / SECONDS_PER_MONTH / topics) * gatherSeconds;
  const recordsEach = Math.max(1, Math.min(gathered, recordsPerEvent(recordBytes), settings.batchSize));
  const cpuSeconds = (assumptions.handlerCpuSeconds ?? measuredCpuSeconds(recordBytes)) / 1e6;
  const cpuMsEach = (recordsEach * cpuSeconds * 1_000) / Math.min(1, settings.replicateMemoryMb / ONE_CPU_MB);
  return {
    recordsPerMonth,
    perMonth: recordsPerMonth / recordsEach,
    recordsEach,
    partitionsEach: distinct(recordsEach, partitions / topics),
    cpuMsEach,
    durationMsEach: cpuMsEach + ROUND_TRIPS * assumptions.roundTripMs,
  };
}

/** CPU seconds of `replicate` for a million records: a straight line through what was measured. */
export function measuredCpuSeconds(recordBytes: number): number {
  const { small, large } = HANDLER_CPU;
  const perByte = (large.seconds - small.seconds) / (large.bytes - small.bytes);
  return small.seconds + (recordBytes - small.bytes) * perByte;
}

function recordsPerEvent(recordBytes: number): number {
  return Math.max(1, Math.floor(EVENT_BYTES / (recordBytes * BASE64 + RECORD_JSON_BYTES)));
}

/** How many of so many partitions are met, on average, by records that each fall into any of them. */
function distinct(records: number, partitions: number): number {
  return partitions <= 1 ? 1 : Math.max(1, partitions * (1 - (1 - 1 / partitions) ** records));
}
