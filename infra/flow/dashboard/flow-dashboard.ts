import { Duration } from 'aws-cdk-lib';
import {
  AlarmBase,
  AlarmStatusWidget,
  AlarmStatusWidgetSortBy,
  CompositeAlarm,
  Dashboard,
  type IWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { AlarmSide } from '../../../shared/metrics/alarms.ts';
import { CausewayFunction } from '../causeway-function.ts';
import { DEFAULT_PREFIX, dashboardName, physicalName } from '../names.ts';
import type { ReplicationFlowProps } from '../props.ts';
import { firstSteps } from './first-steps.ts';
import { functionRow } from './function-widgets.ts';
import { graphRow } from './graph-widgets.ts';
import { GRAPHS, type GraphFacts, sideOf } from './graphs.ts';
import { COMPLAINTS, DRY_RUNS, GAP_LEDGER, GROUP_TABLE, type LogTable, logTable, RUNS } from './log-tables.ts';

const HALF = 12;
const FULL = 24;
const TOP = { width: HALF, height: 9 } as const;

/**
 * One page on the flow. Beside the target it has everything, also what is told in the source's region; beside the source
 * what is told there, for when nothing else can be seen. Dashboards of an account are in all of its regions, so that the two
 * have different names.
 */
export class FlowDashboard extends Construct {
  readonly dashboard: Dashboard;
  readonly #props: ReplicationFlowProps;
  readonly #side: AlarmSide;
  /** Names of functions by region. */
  readonly #functions: ReadonlyMap<string, readonly string[]>;

  /** @param flow with all that it has in this region: its alarms and functions are shown */
  constructor(flow: Construct, id: string, props: ReplicationFlowProps, side: AlarmSide) {
    super(flow, id);
    this.#props = props;
    this.#side = side;
    const own = flow.node.findAll().filter((each) => each instanceof CausewayFunction);
    // Of what is in another region's stack, the names alone are known.
    this.#functions = new Map([
      [props.source.region, [this.#named('replicate'), this.#named('reconcile')]],
      [props[side].region, own.map(({ name }) => name)],
    ]);
    this.dashboard = new Dashboard(this, 'Dashboard', {
      dashboardName: dashboardName(props, side),
      defaultInterval: Duration.hours(3),
      widgets: [this.#top(flow), ...this.#rows()].filter((row) => row.length > 0),
    });
  }

  #top(flow: Construct): IWidget[] {
    const told = (alarm: AlarmBase) => Number(alarm instanceof CompositeAlarm);
    const alarms = flow.node
      .findAll()
      .filter((each) => each instanceof AlarmBase)
      .toSorted((a, b) => told(b) - told(a));
    const text = new TextWidget({ ...TOP, markdown: firstSteps(this.#props, this.#side) });
    const sortBy = AlarmStatusWidgetSortBy.STATE_UPDATED_TIMESTAMP;
    return alarms.length === 0 ? [text] : [text, new AlarmStatusWidget({ ...TOP, title: 'Alarms', alarms, sortBy })];
  }

  #rows(): IWidget[][] {
    const { lag, latency, throughput, groups, verification, events } = GRAPHS;
    const { source, target } = this.#props;
    const isWhole = this.#side === 'target';
    return [
      ...[lag, latency, throughput, groups].map((row) => this.#graphs(row)),
      ...(isWhole ? [[this.#table(GROUP_TABLE, 'target', [this.#named('monitor')], FULL)]] : []),
      this.#graphs(verification),
      this.#graphs(events),
      ...(isWhole ? [this.#runbooks()] : []),
      ...this.#functionRows('source'),
      ...(isWhole && source.region !== target.region ? this.#functionRows('target') : []),
    ];
  }

  #graphs(row: readonly GraphFacts[]): IWidget[] {
    return graphRow(this.#side === 'target' ? row : row.filter((graph) => sideOf(graph) === 'source'), this.#props);
  }

  #runbooks(): IWidget[] {
    if (this.#props.runbooks?.enabled === false) return [];
    return [RUNS, DRY_RUNS].map((table) => this.#table(table, 'target', [this.#named('runbook')], HALF));
  }

  /** What functions of a region say, and how they do. */
  #functionRows(side: AlarmSide): IWidget[][] {
    const { region } = this.#props[side];
    const functions = this.#functions.get(region) ?? [];
    const ledger = side === 'source' ? [this.#table(GAP_LEDGER, side, [this.#named('replicate')], HALF)] : [];
    const told = { ...COMPLAINTS, title: `${COMPLAINTS.title}; ${region}` };
    const complaints = this.#table(told, side, functions, ledger.length > 0 ? HALF : FULL);
    return [[...ledger, complaints], functionRow(functions, region)];
  }

  #table(table: LogTable, side: AlarmSide, functions: readonly string[], width: number): IWidget {
    return logTable(table, { functions, region: this.#props[side].region, width });
  }

  #named(resource: string): string {
    const { namePrefix = DEFAULT_PREFIX, flow } = this.#props;
    return physicalName(namePrefix, flow, resource);
  }
}
