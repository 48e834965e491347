import { flowName, flowOf } from '../flow/flow.ts';
import type { Flow } from './flow-schema.ts';
import { noHeartbeats } from './no-heartbeats.ts';
import { oppositeOf } from './opposite-flow.ts';
import type { Report } from './report.ts';
import type { Setting, Settings } from './setting.ts';

const SECONDS_PER_MINUTE = 60;

/** Faults that only show when flows are seen side by side. */
export function checkFlows(flows: readonly Flow[], file: Settings, report: Report): void {
  const clusters = file.get('clusters');
  if (clusters === undefined) return;
  const enabled = flows.filter((flow) => flow.enabled);
  if (flows.length === 0) report.fault(clusters, 'a flow: <source>-><target>.enabled = true for one pair at least');
  else if (enabled.length === 0) report.warn(clusters, 'no flow is enabled: nothing is copied');
  for (const flow of flows.filter((each) => !each.enabled && each.target.region === undefined))
    report.warn(
      at(file, flow, 'enabled') ?? clusters,
      `${nameOf(flow)} is there for its heartbeats alone, and none are written: ${flow.target.alias}.causeway.region is missing`,
    );
  warnOfOffsetSyncs(enabled, file, report);
  warnOfRareHeartbeats(flows, file, report);
  warnOfNoHeartbeats(flows, file, report);
  for (const flow of enabled) {
    const back = oppositeOf(flow, enabled);
    checkAlias(flow, back, file.get('replication.policy.separator') ?? clusters, report);
    if (back !== undefined && naming(back) !== naming(flow))
      report.warn(
        at(file, flow, 'replication.policy.class') ?? clusters,
        `${nameOf(flow)} and ${nameOf(back)} name topics by different policies: neither sees the copies of the other, which may loop`,
      );
    if (flow.syncGroupOffsets.enabled && !flow.emitCheckpoints.enabled)
      report.warn(
        at(file, flow, 'emit.checkpoints.enabled') ?? clusters,
        `without checkpoints ${nameOf(flow)} commits no group offsets either, as in MirrorMaker 2`,
      );
  }
}

const OFFSET_SYNCS = ['offset-syncs.topic.location', 'offset.lag.max', 'offset-syncs.topic.replication.factor'];

/** A file that says how offset syncs are to be written counts on MirrorMaker 2's default. */
function warnOfOffsetSyncs(flows: readonly Flow[], file: Settings, report: Report): void {
  for (const flow of flows) {
    if (at(file, flow, 'emit.offset-syncs.enabled') !== undefined) continue;
    for (const setting of OFFSET_SYNCS.flatMap((name) => at(file, flow, name) ?? []))
      report.warn(
        setting,
        'not used: emit.offset-syncs.enabled is false unless it is set, true in MirrorMaker 2. Causeway translates without ' +
          'offset syncs, which cost a request for each delivery and the right to write; set it to true if something reads them',
      );
  }
}

const INTERVAL = 'emit.heartbeats.interval.seconds';

/** A source's heartbeats are written by the pair that goes the other way; alarms of the flow wait for them. */
function warnOfRareHeartbeats(flows: readonly Flow[], file: Settings, report: Report): void {
  for (const flow of flows) {
    const back = oppositeOf(flow, flows);
    if (back === undefined || !back.emitHeartbeats.enabled) continue;
    const { intervalSeconds } = back.emitHeartbeats;
    for (const { key, minutes, outcome } of heartbeatAlarms(flow))
      if (intervalSeconds >= minutes * SECONDS_PER_MINUTE)
        report.warn(
          at(file, back, INTERVAL) ?? { key: INTERVAL, line: 0 },
          `${nameOf(back)} writes a heartbeat each ${intervalSeconds} s, and without one for ${minutes} minutes ` +
            `${outcome} (${key} of ${nameOf(flow)}): write them more often, or let it wait for longer`,
        );
  }
}

/** What the file says of heartbeats leaves out alarms, about which it says nothing. */
function warnOfNoHeartbeats(flows: readonly Flow[], file: Settings, report: Report): void {
  for (const flow of flows) {
    const { enabled, emitHeartbeats, alarms, runbooks, source, target } = flow;
    if (!enabled || !emitHeartbeats.enabled || !(alarms.enabled || runbooks.enabled)) continue;
    const why = noHeartbeats(flow, flows);
    if (why === undefined) continue;
    const back = flowName({ source: target.alias, target: source.alias });
    const [where, key, is] =
      why === 'not-copied'
        ? [
            nameOf(flow),
            'heartbeats.replication.enabled',
            `${nameOf(flow)} copies no heartbeats, as topics leaves them out too`,
          ]
        : [back, 'emit.heartbeats.enabled', `nothing here writes heartbeats to ${source.alias}`];
    report.warn(
      file.get(`${where}.${key}`) ?? file.get(key) ?? { key, line: 0 },
      `${is}: no alarm of ${nameOf(flow)} tells that ${source.alias} is lost, and a failover has no second proof of it`,
    );
  }
}

/** What of a flow goes by how long no heartbeat of its source has arrived. */
function heartbeatAlarms({ enabled, emitHeartbeats, alarms, runbooks, source }: Flow) {
  const { failoverAlarmMinutes } = runbooks;
  // Without heartbeats of its own the flow has no function that awaits those of its source.
  const awaits = enabled && emitHeartbeats.enabled;
  return [
    ...(awaits && alarms.enabled
      ? [
          {
            key: 'causeway.alarm.heartbeats.missing.minutes',
            minutes: alarms.settings.heartbeatsMissingMinutes,
            outcome: `an alarm calls ${source.alias} lost`,
          },
        ]
      : []),
    ...(awaits && runbooks.enabled && failoverAlarmMinutes !== undefined
      ? [{ key: 'causeway.failover.alarm.minutes', minutes: failoverAlarmMinutes, outcome: 'a failover is started' }]
      : []),
  ];
}

function at(file: Settings, flow: Flow, name: string): Setting | undefined {
  return file.get(`${nameOf(flow)}.${name}`) ?? file.get(name);
}

function nameOf(flow: Flow): string {
  return flowName(flowOf(flow));
}

function naming({ policy }: Flow): string {
  return JSON.stringify({ ...policy, source: undefined });
}

/** With the separator in an alias, the name of a copy no longer tells where it came from. */
function checkAlias({ policy, source, target }: Flow, back: Flow | undefined, where: Setting, report: Report): void {
  if (policy.kind !== 'default' || !source.alias.includes(policy.separator)) return;
  const seen = `${source.alias}${policy.separator}orders`;
  const as = seen.slice(0, seen.indexOf(policy.separator));
  const reason = `a copy of orders is named ${seen} and taken for one from ${as}`;
  if (back === undefined) report.warn(where, `the separator is part of the alias ${source.alias}: ${reason}`);
  else
    report.fault(
      where,
      `a separator that is not part of the alias ${source.alias}: ${reason}, so ${source.alias} and ${target.alias} would copy in a loop`,
    );
}
