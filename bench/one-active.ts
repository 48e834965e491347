import { setTimeout as wait } from 'node:timers/promises';
import { SSMClient } from '@aws-sdk/client-ssm';
import { getParameter, parseEntry } from '../shared/adapters/aws/registry-parameter.ts';
import { timeLimits } from '../shared/adapters/aws/time-limits.ts';
import { runbookPorts } from '../shared/cli/runbook/connect.ts';
import type { Flow } from '../shared/config/flow-schema.ts';
import { flowOf } from '../shared/flow/flow.ts';
import { ClientState } from '../shared/runbook/registry/entry.ts';
import { parameterName } from '../shared/runbook/registry/published-entry.ts';
import { RunbookKind } from '../shared/runbook/runbook.ts';

const EVERY_MS = 250;
const TIMEOUTS = timeLimits(1_000, 3_000);

/** What somebody who tells applications where to go said at one look. */
interface Told {
  readonly by: string;
  readonly version: number;
  readonly active: string;
  readonly clients: ClientState;
}

/** Looks all the time at what the registry and the parameters of both regions tell applications. */
export class OneActive implements AsyncDisposable {
  /** Where two of them had applications serve on different clusters, or one of them went back in time. */
  readonly violations: string[] = [];
  looks = 0;
  /** How often the active cluster changed in the registry. */
  moves = 0;
  readonly #newest = new Map<string, Told>();
  readonly #looking: Promise<void>;
  #ended = false;

  constructor(flow: Flow) {
    this.#looking = this.#look(flow);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    await this.#looking;
  }

  async #look(flow: Flow): Promise<void> {
    using ports = runbookPorts(flow, RunbookKind.Switchover, 'causeway');
    const name = parameterName('causeway', flowOf(flow));
    const regions = [flow.source.region, flow.target.region].flatMap((region) =>
      region === undefined ? [] : [{ region, client: new SSMClient({ region, requestHandler: TIMEOUTS }) }],
    );
    while (!this.#ended) {
      // The parameters first: what they tell the registry has told before.
      const published = await Promise.all(
        regions.map(async ({ region, client }): Promise<Told[]> => {
          const { value } = await getParameter(client, name, AbortSignal.timeout(3_000)).catch(() => ({ value: '' }));
          return value === '' ? [] : [{ by: `the parameter in ${region}`, ...parseEntry(value) }];
        }),
      );
      const entry = await ports.registry.entry().catch(() => undefined);
      if (entry !== undefined) this.#judge([{ by: 'the registry', ...entry }, ...published.flat()]);
      await wait(EVERY_MS);
    }
    for (const { client } of regions) client.destroy();
  }

  #judge(told: readonly Told[]): void {
    this.looks++;
    for (const now of told) {
      const before = this.#newest.get(now.by);
      if (before && before.version > now.version)
        this.violations.push(`${now.by} went from version ${before.version} to ${now.version}`);
      if (before && now.by === 'the registry' && before.active !== now.active) this.moves++;
      this.#newest.set(now.by, now);
    }
    const serving = told.filter(({ clients }) => clients === ClientState.Serving);
    if (new Set(serving.map(({ active }) => active)).size > 1)
      this.violations.push(
        serving.map(({ by, active, version }) => `${by}: ${active} (version ${version})`).join(', '),
      );
  }
}
