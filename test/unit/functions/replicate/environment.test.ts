import { describe, expect, test } from 'vitest';
import { parseEnvironment } from '../../../../functions/replicate/environment.ts';
import { packVariable } from '../../../../shared/adapters/lambda/packed-variable.ts';

const table = { OFFSET_MAP_TABLE: 'offset-map', OFFSET_MAP_REGION: 'us-west-2' };

describe('the environment of replicate', () => {
  test('names every variable that is not set, and what to do', () => {
    const parse = () => parseEnvironment({ OFFSET_MAP_TABLE: '' });

    expect(parse).toThrow(/FLOW is not set.*OFFSET_MAP_TABLE .*OFFSET_MAP_REGION is not set/);
    expect(parse).toThrow(
      expect.objectContaining({
        code: 'FUNCTION_MISCONFIGURED',
        retriable: false,
        safe: expect.stringContaining('records stay in the source'),
        next: expect.stringContaining('Deploy'),
      }),
    );
  });

  test.each([
    ['text that was never packed', 'hello', 'Error'],
    ['JSON that is cut off', '{"source":', 'SyntaxError'],
    ['a flow that lacks most of it', packVariable('{"source":{},"target":{}}'), 'ZodError'],
  ])('refuses %s without repeating it', (_name, FLOW, reason) => {
    const parse = () => parseEnvironment({ ...table, FLOW });

    expect(parse).toThrow(`FLOW not a flow as this version packs it (${reason})`);
    expect(parse).not.toThrow(FLOW);
  });

  test('refuses a switch that is neither on nor off', () => {
    expect(() => parseEnvironment({ ...table, TWO_WAY: 'perhaps' })).toThrow(/TWO_WAY/);
  });
});
