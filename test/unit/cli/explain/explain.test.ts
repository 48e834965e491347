import { describe, expect, test } from 'vitest';
import { causeway, properties } from '../command-line.ts';

const bothWays = properties('us-west->us-east.enabled = true', 'us-east->us-west.topics = orders');

describe('causeway explain', () => {
  test.each(['bad topic!', '..', 'x'.repeat(250)])('refuses %j, which no topic can be called', async (topic) => {
    const { err, exitCode } = await causeway(['explain', topic], bothWays);

    expect(exitCode).toBe(2);
    expect(err.replaceAll(/\s+/g, ' ')).toContain(`there can be no topic ${topic}: names of topics are`);
  });

  test('answers for every enabled flow, and yes if one of them replicates', async () => {
    const { out, exitCode } = await causeway(['explain', 'stock'], bothWays);

    expect(exitCode).toBe(0);
    expect(out).toMatch(/^us-east->us-west {2}stock is not replicated$/m);
    expect(out).toMatch(/^us-west->us-east {2}stock is replicated as us-west\.stock$/m);
  });

  test('answers for the one flow that is asked about', async () => {
    const { out, exitCode } = await causeway(['explain', 'stock', '--flow', 'us-east->us-west'], bothWays);

    expect(exitCode).toBe(1);
    expect(out).not.toContain('us-west->us-east');
  });

  test('names the flows that are not enabled', async () => {
    const { out } = await causeway(['explain', 'orders'], properties());

    expect(out).toContain('Not enabled, so they copy nothing: us-west->us-east');
  });

  test('answers for a pair that the file does not speak of', async () => {
    const text = properties('emit.heartbeats.enabled = false');
    const { out, exitCode } = await causeway(['explain', 'orders', '--flow', 'us-west->us-east'], text);

    expect(exitCode).toBe(1);
    expect(out).toContain('the flow us-west->us-east is not enabled');
    expect(out).toContain('us-west->us-east.enabled = true');
  });

  test('prints the same for programs', async () => {
    const { out } = await causeway(['explain', 'orders', '--json'], bothWays);

    expect(JSON.parse(out)).toMatchObject({
      file: 'mm2.properties',
      answers: [
        {
          topic: 'orders',
          replicated: true,
          flows: [
            {
              flow: 'us-east->us-west',
              replicated: true,
              remoteTopic: 'us-east.orders',
              because: [{ rule: 'named', place: { key: 'us-east->us-west.topics', line: 6 } }],
            },
            { flow: 'us-west->us-east', replicated: true, remoteTopic: 'us-west.orders' },
          ],
        },
      ],
      notEnabled: [],
    });
  });

  test('keeps lines that are to be copied whole, and all others within 80 columns', async () => {
    const { out } = await causeway(['explain', 'orders'], properties());

    const long = out.split('\n').filter((line) => line.length > 80);
    expect(long.map((line) => line.trim())).toEqual([
      'us-east->us-west.topics.exclude = .*[\\\\-\\\\.]internal, .*\\\\.replica, __.*, orders',
    ]);
  });

  test.each([
    [['explain'], 'a topic, a group or an ACL is needed'],
    [['explain', 'a', 'b'], 'one topic at a time'],
    [['explain', 'a', '--group', 'b'], 'one topic or one group at a time'],
    [['explain', 'a', '--operation', 'Read'], '--operation is part of an ACL'],
  ])('%j is refused: %s', async (args, message) => {
    const { err, exitCode } = await causeway(args, bothWays);

    expect(exitCode).toBe(2);
    expect(err).toContain(message);
  });
});
