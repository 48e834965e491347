import { expect, it } from 'vitest';
import { type NodeSettings, serverProperties } from '../../../../local/kafka/server-properties.ts';

const lone: NodeSettings = {
  nodeId: 1,
  roles: ['broker', 'controller'],
  brokerPort: 21001,
  controllerPort: 21002,
  dataFolder: '/data/1',
  brokerCount: 1,
  overrides: {},
};

const linesOf = (node: NodeSettings) => serverProperties(node).split('\n');

it('gives a lone broker both listeners', () => {
  expect(linesOf(lone)).toContain('process.roles=broker,controller');
  expect(linesOf(lone)).toContain('listeners=PLAINTEXT://127.0.0.1:21001,CONTROLLER://127.0.0.1:21002');
});

it('gives a broker beside others only the listener of its clients', () => {
  const broker = linesOf({ ...lone, roles: ['broker'], brokerCount: 3 });

  expect(broker).toContain('listeners=PLAINTEXT://127.0.0.1:21001');
  expect(broker).toContain('controller.quorum.bootstrap.servers=127.0.0.1:21002');
});

it('gives a controller apart only the listener of the brokers', () => {
  const { brokerPort: _, ...controller } = lone;

  expect(linesOf({ ...controller, roles: ['controller'] })).toContain('listeners=CONTROLLER://127.0.0.1:21002');
});

it.each([
  [1, '1'],
  [2, '2'],
  [5, '3'],
])('replicates the internal topics of %i brokers %s times', (brokerCount, replicas) => {
  expect(linesOf({ ...lone, brokerCount })).toContain(`offsets.topic.replication.factor=${replicas}`);
  expect(linesOf({ ...lone, brokerCount })).toContain(`transaction.state.log.replication.factor=${replicas}`);
});

it("lets the caller's settings win", () => {
  const lines = linesOf({
    ...lone,
    overrides: { 'auto.create.topics.enable': 'true', 'log.segment.bytes': '1048576' },
  });

  expect(lines.filter((line) => line.startsWith('auto.create'))).toEqual(['auto.create.topics.enable=true']);
  expect(lines).toContain('log.segment.bytes=1048576');
});
