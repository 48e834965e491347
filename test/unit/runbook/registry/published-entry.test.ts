import { describe, expect, it } from 'vitest';
import { parameterName, publishedEntry } from '../../../../shared/runbook/registry/published-entry.ts';
import { EARLIER, entryWith } from './entries.ts';

describe('what is published of the registry', () => {
  it('is where applications run, and nothing of the run', () => {
    const entry = entryWith({ active: 'us-west', clients: 'producers-fenced' });

    expect(publishedEntry(entry, (alias) => `b-1.${alias}:9098`)).toEqual({
      version: 9,
      active: 'us-west',
      bootstrapServers: 'b-1.us-west:9098',
      clients: 'producers-fenced',
      generation: 4,
      changedAt: EARLIER,
    });
  });

  it('has a name that says the flow', () => {
    const name = parameterName('causeway', { source: 'us-east', target: 'us-west' });
    expect(name).toBe('/causeway/us-east-to-us-west/registry');
  });

  it('has a name that SSM takes and no other flow has', () => {
    const pairs = [
      ['a', 'b-to-c'],
      ['a-to-b', 'c'],
      ['a-to', 'b'],
      ['a', 'to-b'],
      ['büro', 'b'],
      ['bürö', 'b'],
      ['a/b', 'c'],
      ['a b', 'c'],
    ] as const;
    const names = pairs.map(([source, target]) => parameterName('team', { source, target }));

    expect(new Set(names).size).toBe(pairs.length);
    for (const name of names) expect(name).toMatch(/^\/team\/[a-zA-Z0-9_.-]+\/registry$/);
  });
});
