import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TABLES, withTables } from '../../../shared/config/document/property-tables.ts';
import { CLIENT_PROPERTIES } from '../../../shared/config/known/client-properties.ts';
import { CONNECTOR_PROPERTIES } from '../../../shared/config/known/connector-properties.ts';
import type { PropertyType } from '../../../shared/config/known/known-property.ts';
import { parseConfiguration } from '../../../shared/config/parse-configuration.ts';
import { check, readList } from '../../../shared/config/values.ts';

/** What Kafka 4.1.0 defines (`MirrorMakerProperties.java`): kind, name, type, default; one name may have several. */
const DEFINED = readFileSync(new URL('examples/mirrormaker-properties.tsv', import.meta.url), 'utf8')
  .split('\n')
  .slice(0, -1)
  .map((line) => {
    const [kind = '', name = '', type = '', value = ''] = line.split('\t');
    return { kind, name, type, value };
  });

const TYPES: Readonly<Record<string, PropertyType>> = {
  STRING: 'string',
  BOOLEAN: 'boolean',
  INT: 'int',
  SHORT: 'int',
  LONG: 'long',
  DOUBLE: 'double',
  LIST: 'list',
  CLASS: 'class',
  PASSWORD: 'password',
};

/** Defaults that are Causeway's on purpose, each explained in docs/configuration.md. */
const OWN_DEFAULTS = ['enabled', 'topics.exclude', 'auto.offset.reset'];

describe('the table of properties', () => {
  test('has every property of MirrorMaker 2 and of the clients, with its type and default', () => {
    expect(DEFINED.length).toBeGreaterThan(250);
    for (const { kind, name, type } of DEFINED) {
      const known =
        kind === 'client'
          ? CLIENT_PROPERTIES.get(name)
          : (CONNECTOR_PROPERTIES.get(name) ?? CLIENT_PROPERTIES.get(name));
      const values = DEFINED.filter((each) => each.name === name && each.kind === kind).map(({ value }) =>
        readList(value).join(),
      );
      expect({ name, type: known?.type }).toEqual({ name, type: TYPES[type] });
      if (!OWN_DEFAULTS.includes(name))
        expect({ name, values }).toEqual({
          name,
          values: expect.arrayContaining([readList(known?.default ?? '').join()]),
        });
    }
  });

  test('has defaults that the properties themselves take', () => {
    for (const property of [...TABLES.values()].flat())
      for (const value of [property.default, property.causewayDefault])
        if (value !== undefined) expect({ ...property, read: check(property, value) }).toHaveProperty('read.value');
  });

  test('is what docs/configuration.md shows: else run `node shared/config/document/update.ts`', () => {
    const page = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');

    expect(withTables(page)).toBe(page);
  });

  test('has no property that is taken in silence without being honoured', () => {
    const unused = [...CONNECTOR_PROPERTIES.values()].filter(
      ({ status }) => status === 'later' || status === 'not-applicable',
    );
    const text = [
      'clusters = a, b',
      'bootstrap.servers = h:9092',
      'a->b.enabled = true',
      'b->a.enabled = true',
      ...unused.map(
        ({ name, type, default: value }) => `a->b.${name} = ${value ?? (type === 'int' || type === 'long' ? 1 : 'x')}`,
      ),
    ].join('\n');

    const warned = parseConfiguration(text, { file: 'mm2.properties' }).warnings.map(({ key }) => key);

    expect([...new Set(warned)]).toEqual(unused.map(({ name }) => `a->b.${name}`));
  });
});

test('the file that docs/configuration.md begins with has no faults, and warns only of what is not built yet', () => {
  const page = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
  const [, text = ''] = /```properties\n([\s\S]*?)```/.exec(page) ?? [];

  const { configuration, warnings } = parseConfiguration(text, { file: 'mm2.properties' });

  expect(warnings.filter(({ message }) => !message.startsWith('not used yet: '))).toEqual([]);
  expect(configuration.flows.filter(({ enabled }) => enabled)).toHaveLength(1);
});
