import { expect, test } from 'vitest';
import { controlPlaneClient } from '../../../shared/adapters/lambda/client.ts';
import { LambdaEventSourceMappings } from '../../../shared/adapters/lambda/event-source-mappings.ts';
import type { ReconcilePorts } from '../../../shared/reconcile/ports.ts';
import { look } from '../../../shared/reconcile/reconcile.ts';
import { type Answer, type Recorded, recordedLambda } from '../adapters/lambda/recorded-lambda.ts';
import { World, wanted } from './world.ts';

const PAGE = 100;

/** Lambda's mappings as its API shows them: pages of 100, each mapping enabled at once. */
class MappingsApi {
  readonly #mappings: object[] = [];
  /** Requests refused because the account's share of the control plane is used up. */
  throttled = 0;

  answer({ method, path, body }: Recorded, throttle: boolean): Answer {
    if (throttle) {
      this.throttled++;
      return { status: 429, error: 'TooManyRequestsException', body: { message: 'Rate exceeded' } };
    }
    if (method === 'GET') {
      const from = Number(new URL(path, 'http://lambda').searchParams.get('Marker') ?? 0);
      const to = from + PAGE;
      const page = this.#mappings.slice(from, to);
      return { body: { EventSourceMappings: page, ...(to < this.#mappings.length && { NextMarker: String(to) }) } };
    }
    const mapping = { ...(typeof body === 'object' ? body : {}), UUID: `m${this.#mappings.length}`, State: 'Enabled' };
    this.#mappings.push(mapping);
    return { status: 202, body: mapping };
  }
}

/** A flow of `count` topics whose mappings go over HTTP, and all questions to its ports by name. */
async function flow(count: number, throttle: (request: number) => boolean = () => false) {
  const api = new MappingsApi();
  const lambda = await recordedLambda((request) => api.answer(request, throttle(lambda.requests.length)));
  const { region, endpoint, credentials } = lambda.client.config;
  const client = controlPlaneClient({ region, credentials, ...(endpoint && { endpoint }) });
  const world = new World();
  for (let i = 0; i < count; i++) world.makeSource(`topic-${String(i).padStart(3, '0')}`, 6);
  const want = wanted();
  const asked: Record<string, number> = {};
  const ports: ReconcilePorts = {
    ...counted(world.ports(), asked),
    mappings: new LambdaEventSourceMappings(client, 'replicate', want.flow),
  };
  return {
    want,
    ports,
    api,
    lambda,
    asked,
    async [Symbol.asyncDispose]() {
      client.destroy();
      await lambda[Symbol.asyncDispose]();
    },
  };
}

function counted(ports: ReconcilePorts, asked: Record<string, number>): ReconcilePorts {
  const count = <F extends (...args: never[]) => unknown>(name: string, call: F): F =>
    new Proxy(call, {
      apply: (target, self, args) => {
        asked[name] = (asked[name] ?? 0) + 1;
        return Reflect.apply(target, self, args);
      },
    });
  return {
    ...ports,
    source: { ...ports.source, list: count('source.list', ports.source.list) },
    target: { ...ports.target, list: count('target.list', ports.target.list) },
    registry: {
      ...ports.registry,
      list: count('registry.list', ports.registry.list),
      read: count('registry.read', ports.registry.read),
      write: count('registry.write', ports.registry.write),
    },
  };
}

test('500 new topics are taken up in one look; settled, a look asks each cluster and the registry once, Lambda five pages', async () => {
  await using many = await flow(500);
  const { want, ports, lambda, asked } = many;

  expect(await look(want, ports)).toMatchObject({ covered: 500, rounds: 5, ended: undefined });
  expect(lambda.requests.filter(({ method }) => method === 'POST').length).toBe(500);
  expect(asked).toEqual({
    'source.list': 5,
    'target.list': 5,
    'registry.list': 5,
    'registry.read': 500,
    'registry.write': 1_000,
  });

  lambda.requests.length = 0;
  for (const name of Object.keys(asked)) delete asked[name];
  expect(await look(want, ports)).toMatchObject({ covered: 500, rounds: 1, steps: [] });
  expect(asked).toEqual({ 'source.list': 1, 'target.list': 1, 'registry.list': 1 });
  expect(lambda.requests.map(({ method }) => method)).toEqual(Array(5).fill('GET'));
}, 30_000);

test('Lambda throttling every third request slows a look down and fails none of its topics', async () => {
  await using many = await flow(12, (request) => request % 3 === 0);
  const { want, ports, api } = many;

  const report = await look(want, ports);

  expect(api.throttled).toBeGreaterThan(5);
  expect(report.steps.flatMap(({ errors }) => errors)).toEqual([]);
  expect((await ports.mappings.list()).length).toBe(12);
}, 30_000);
