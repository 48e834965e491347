import type { RunSummary } from '../runbook/registry/run-summary.ts';
import { type FlowStatus, oldHeartbeat, wrongDeployment } from './assess.ts';
import type { Deployed } from './deployed.ts';
import { byHurt, secondsSince } from './lag.ts';
import type { StoredStatus } from './store.ts';
import { type Limits, overLimits } from './topic-status.ts';

/** Who read it: whoever asks, from where it stands, or the flow's function `monitor`, from beside the target. */
export const ReadBy = { Here: 'here', Monitor: 'monitor' } as const;
export type ReadBy = (typeof ReadBy)[keyof typeof ReadBy];

/** `monitor` reads once a minute: an older reading of its own means that three came to nothing. */
export const STALE_SECONDS = 180;

/** The status of a flow, and how it came about. */
export interface Reading extends FlowStatus {
  readonly readBy: ReadBy;
  /** When all had been read, ms since the epoch. Lags and signs of life are of then. */
  readonly readAt: number;
  readonly ageSeconds: number;
  /**
   * Of a reading by `monitor`: why the brokers were not asked from here; undefined where that was not wanted. Of one from
   * here that some brokers did not answer: why none by `monitor` stands in for it.
   */
  readonly because: string | undefined;
  /** The newest run of a runbook; absent: there is none, or it was not asked for. */
  readonly lastRun?: RunSummary | { readonly because: string };
}

/** What readings are held against, besides what they say of themselves. */
export interface HeldAgainst {
  readonly limits: Limits;
  /** How often heartbeats are written on the source, ms; undefined where they are not, or that is not known. */
  readonly heartbeatMs: number | undefined;
  /** As it is known from here. */
  readonly deployed: Deployed;
}

export function readHere(status: FlowStatus, readAt: number, now: number, because?: string): Reading {
  return { ...status, readBy: ReadBy.Here, readAt, ageSeconds: secondsSince(readAt, now), because };
}

/** What `monitor` found last. It knows of no limits: these are the asker's. */
export function readByMonitor(
  { readAt, status }: StoredStatus,
  { limits, heartbeatMs, deployed }: HeldAgainst,
  now: number,
  because?: string,
): Reading {
  const ageSeconds = secondsSince(readAt, now);
  const topics = status.topics
    .map((each) => ({ ...each, problems: [...each.problems, ...overLimits(each, limits)] }))
    .toSorted(byHurt((row) => row.topic));
  const problems = [
    ...staleness(ageSeconds),
    ...wrongDeployment({ deployed }),
    ...status.problems,
    ...oldHeartbeat({ heartbeatMs, source: status.source }, status.heartbeat, limits),
  ];
  const asked = status.asked.map((each) => ({ ...each, ageSeconds: tenths(each.ageSeconds + ageSeconds) }));
  const wrong = status.wrong || problems.length > 0 || topics.some((each) => each.problems.length > 0);
  const how = { readBy: ReadBy.Monitor, readAt, ageSeconds, because };
  return { ...status, wrong, problems, asked, deployed, topics, ...how };
}

function staleness(ageSeconds: number): readonly string[] {
  if (ageSeconds <= STALE_SECONDS) return [];
  return [
    `monitor read this ${ageSeconds} s ago, more than ${STALE_SECONDS} s: it does not run, or cannot keep what it reads; see the log of the function monitor`,
  ];
}

function tenths(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
