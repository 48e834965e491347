import { expect, it } from 'vitest';
import { describeScene } from '../../../../local/demo/opening.ts';

const cluster = (alias: string, awsRegion: string, bootstrapServers: string) => ({
  ...{ alias, awsRegion, bootstrapServers },
  ...{ arn: '', brokers: [] },
});

it('shows both regions side by side, and each copy beside what it is a copy of', () => {
  const lines = describeScene({
    source: cluster('us-east', 'us-east-1', '127.0.0.1:1'),
    target: cluster('us-west', 'us-west-2', '127.0.0.1:2'),
  }).split('\n');

  expect(lines[0]).toMatch(/^ +us-east \(us-east-1\) +us-west \(us-west-2\)$/);
  expect(lines[1]).toMatch(/^ +127.0.0.1:1 +127.0.0.1:2$/);
  expect(lines).toContainEqual(expect.stringMatching(/^ +orders +─+► +us-east\.orders$/));
  expect(lines).toContainEqual(expect.stringMatching(/^ +us-west\.balances +◄─+ +balances$/));
});
