import { describe, expect, test } from 'vitest';
import { parseEnvironment } from '../../../../functions/replicate/environment.ts';

const table = { OFFSET_MAP_TABLE: 'offset-map', OFFSET_MAP_REGION: 'us-west-2' };

describe('the environment of replicate', () => {
  test('lacks a flow and an empty table name, both of which it names', () => {
    expect(() => parseEnvironment({ ...table, OFFSET_MAP_TABLE: '' })).toThrow(/FLOW is not set; OFFSET_MAP_TABLE /);
  });

  test('refuses a switch that is neither on nor off', () => {
    expect(() => parseEnvironment({ ...table, TWO_WAY: 'perhaps' })).toThrow(/TWO_WAY/);
  });
});
