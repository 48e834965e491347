import { type Deliveries, deliveriesOf } from './deliveries.ts';
import { type Part, partOf, transferPrice } from './part.ts';
import type { Prices } from './prices.ts';
import { verifyParts } from './verify-parts.ts';
import {
  type Assumptions,
  BYTES_PER_GB,
  BYTES_PER_TB,
  type FlowSettings,
  HOURS_PER_MONTH,
  SECONDS_PER_MONTH,
  type Workload,
} from './workload.ts';

/** What an event poller unit takes, and how many pollers it holds (AWS Lambda, Kafka scaling modes). */
const UNIT_BYTES_PER_SECOND = 20e6;
const UNIT_POLLERS = 10;
/** A HEAD is below 1 KB; with its request's headers and the answer it is taken for two. */
const MAP_WRITE_BYTES = 2_048;
/** What one delivery writes to the log: two lines of Lambda's own, and metrics of the flow and of the topic, a line each. */
const LOG_BYTES = { lambda: 650, metrics: 700 };

/** What grows with traffic. */
export function trafficParts(
  workload: Workload,
  settings: FlowSettings,
  assumptions: Assumptions,
  prices: Prices,
): readonly Part[] {
  const deliveries = deliveriesOf(workload, settings, assumptions);
  const logBytes = LOG_BYTES.lambda + LOG_BYTES.metrics * (1 + settings.topicsMeasured / workload.topics);
  return [
    ...replicateParts(deliveries, settings, prices),
    ...pollerParts(workload, settings, assumptions, prices),
    ...mapParts(deliveries, settings, prices),
    ...recordTransfer(workload, settings, prices),
    ...verifying(workload, settings, prices),
    partOf(
      {
        ...{ name: 'logs of replicate', unit: 'GB', price: 'logGb' },
        quantity: (deliveries.perMonth * logBytes) / BYTES_PER_GB,
        because: `${figure(logBytes)} bytes a delivery`,
      },
      prices,
    ),
  ];
}

/** The source's records are read once more, from beside the target. */
function verifying(workload: Workload, settings: FlowSettings, prices: Prices): readonly Part[] {
  if (settings.verifyMinutes === undefined) return [];
  const again = recordTransfer(workload, settings, prices).map((part) => ({ ...part, name: 'transfer to verify' }));
  return [...verifyParts(workload, settings, prices), ...again];
}

/** Records on their way to the other region; also of those that Causeway is compared with. */
export function recordTransfer(
  { tbPerMonth, compressedTo }: Workload,
  { sourceRegion, targetRegion }: Pick<FlowSettings, 'sourceRegion' | 'targetRegion'>,
  prices: Prices,
): readonly Part[] {
  const price = transferPrice(sourceRegion, targetRegion);
  if (price === undefined) return [];
  const quantity = (tbPerMonth * BYTES_PER_TB * compressedTo) / BYTES_PER_GB;
  const because = compressedTo === 1 ? 'as if compression gained nothing' : `compressed to ${compressedTo} of it`;
  return [partOf({ name: 'transfer of records', unit: 'GB', price, quantity, because }, prices)];
}

function replicateParts(
  { perMonth, recordsEach, durationMsEach }: Deliveries,
  { replicateMemoryMb }: FlowSettings,
  prices: Prices,
): readonly Part[] {
  const seconds = durationMsEach / 1_000;
  return [
    partOf(
      {
        ...{ name: 'replicate, requests', unit: 'deliveries', price: 'lambdaRequest', quantity: perMonth },
        because: `${figure(recordsEach)} records each`,
      },
      prices,
    ),
    partOf(
      {
        ...{ name: 'replicate, compute', unit: 'GB-s', price: 'lambdaGbSecond' },
        quantity: perMonth * seconds * (replicateMemoryMb / 1_024),
        because: `${figure(durationMsEach)} ms a delivery at ${figure(replicateMemoryMb)} MB`,
      },
      prices,
    ),
  ];
}

/** In a group all mappings share their units; otherwise each has its own. */
function pollerParts(
  { tbPerMonth, topics }: Workload,
  { minimumPollers, pollerGroup }: FlowSettings,
  { peak }: Assumptions,
  prices: Prices,
): readonly Part[] {
  if (minimumPollers === undefined) return [];
  const bytesPerSecond = ((tbPerMonth * BYTES_PER_TB) / SECONDS_PER_MONTH) * peak;
  const unitsFor = (mappings: number) =>
    Math.max(
      Math.ceil((mappings * minimumPollers) / UNIT_POLLERS),
      Math.ceil(((bytesPerSecond / topics) * mappings) / UNIT_BYTES_PER_SECOND),
    );
  const units = pollerGroup ? unitsFor(topics) : topics * unitsFor(1);
  return [
    partOf(
      {
        ...{ name: 'provisioned pollers', unit: 'unit hours', price: 'pollerUnitHour' },
        quantity: units * HOURS_PER_MONTH,
        because: pollerGroup
          ? `${units} for all of ${figure(topics)} topics, in a group`
          : `${unitsFor(1)} for each of ${figure(topics)} topics`,
      },
      prices,
    ),
  ];
}

function mapParts(
  { perMonth, partitionsEach }: Deliveries,
  { sourceRegion, targetRegion }: FlowSettings,
  prices: Prices,
): readonly Part[] {
  const quantity = perMonth * partitionsEach;
  const writes = partOf(
    {
      ...{ name: 'offset map, writes', unit: 'write units', price: 'writeUnit', quantity },
      because: `${figure(partitionsEach)} partitions in a delivery, one each`,
    },
    prices,
  );
  const price = transferPrice(sourceRegion, targetRegion);
  if (price === undefined) return [writes];
  const transfer = partOf(
    {
      ...{ name: 'transfer of map writes', unit: 'GB', price, quantity: (quantity * MAP_WRITE_BYTES) / BYTES_PER_GB },
      because: `${figure(MAP_WRITE_BYTES)} bytes a write`,
    },
    prices,
  );
  return [writes, transfer];
}

/** As people read it. */
function figure(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 1 : 0 });
}
