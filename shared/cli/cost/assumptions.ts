import { deliveriesOf, measuredCpuSeconds } from '../../cost/deliveries.ts';
import type { Question } from '../../cost/estimate.ts';

/** What the model takes for granted, with what changes it. */
export function assumptionsOf({ workload, flows, assumptions }: Question): readonly string[] {
  const { handlerCpuSeconds, roundTripMs, gatherMs, peak, connectUnits } = assumptions;
  const { recordBytes, compressedTo } = workload;
  const windowless = flows.some(({ batchingWindowSeconds }) => batchingWindowSeconds === 0);
  const [flow] = flows;
  const each = flow === undefined ? 0 : Math.round(deliveriesOf(workload, flow, assumptions).durationMsEach);
  return [
    handlerCpuSeconds === undefined
      ? `replicate takes ${measuredCpuSeconds(recordBytes).toFixed(2)} CPU seconds for a million records of ${recordBytes.toLocaleString('en-US')} bytes: by a straight line through the 1.74 of 100 bytes and the 3.50 of 1 KB that npm run bench -- handler --values letters printed on a busy machine with 2 cores (README.md). Lambda’s CPU may be another: --handler-cpu-seconds.`
      : `replicate takes ${handlerCpuSeconds} CPU seconds for a million records, as given.`,
    `A delivery waits for two round trips of ${roundTripMs} ms, a produce request and the write of HEAD, so that it takes ${each} ms: --round-trip-ms.`,
    ...(windowless
      ? [
          `With a batching window of 0, Lambda gathers records of a topic for ${gatherMs} ms before it delivers them. That was not measured: AWS says no more than that it stays below 100 ms. It decides how many deliveries there are, and so most of what replicate and the map cost: --gather-ms.`,
        ]
      : []),
    `Pollers and workers are there for ${peak} times the mean traffic: --peak.`,
    compressedTo === 1
      ? 'Nothing is gained by compression: --compressed-to.'
      : `Records are compressed to ${compressedTo} of their size, for all alike.`,
    connectUnits === undefined
      ? 'MirrorMaker 2 takes 9.65 CPU seconds for a million records of 100 bytes and 22.5 of 1 KB, measured once with version 4.1, and runs as three connectors, the one that copies with two workers at least: --connect-units.'
      : `MirrorMaker 2 has ${connectUnits} units a flow, as given.`,
  ];
}

export const NOT_COUNTED: readonly string[] = [
  'brokers and their storage, on both sides, and what reading and writing does to them',
  'NAT gateways, VPC endpoints, peering and transit gateways, private connectivity of MSK: a deployment makes none, and uses yours',
  'traffic between zones of a region',
  'compacted and transactional topics, of which each delivery writes to the map twice',
  'deliveries that are repeated, cold starts, catching up with what is in the source at first',
  'small items of the tables, keys of KMS, secrets, notifications, S3, traces: cents',
  'of MSK Replicator: what it bills twice where both directions copy topics of the same names',
  'free tiers, discounts by volume, savings plans, taxes',
];
