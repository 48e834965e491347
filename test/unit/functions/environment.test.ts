import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { flowEnvironment, flowNameIn, mapEnvironment, parseVariables } from '../../../functions/environment.ts';
import { packVariable } from '../../../shared/adapters/lambda/packed-variable.ts';

const table = { OFFSET_MAP_TABLE: 'offset-map', OFFSET_MAP_REGION: 'us-west-2' };

describe('the environment of a function', () => {
  test('names every variable that is not set or empty, and what to do', () => {
    const parse = () => parseVariables(mapEnvironment, { OFFSET_MAP_TABLE: '' });

    expect(parse).toThrow(/FLOW is not set.*OFFSET_MAP_TABLE .*OFFSET_MAP_REGION is not set/);
    expect(parse).toThrow(
      expect.objectContaining({
        code: 'FUNCTION_MISCONFIGURED',
        retriable: false,
        safe: expect.stringContaining('Nothing was read or written'),
        next: expect.stringContaining('Deploy'),
      }),
    );
  });

  test.each([
    ['text that was never packed', 'hello', 'Error'],
    ['JSON that is cut off', '{"source":', 'SyntaxError'],
    ['a flow that lacks most of it', packVariable('{"source":{},"target":{}}'), 'ZodError'],
  ])('refuses %s without repeating it', (_name, FLOW, reason) => {
    const parse = () => parseVariables(flowEnvironment, { ...table, FLOW });

    expect(parse).toThrow(`FLOW not a flow as this version packs it (${reason})`);
    expect(parse).not.toThrow(FLOW);
  });

  test('tells the name of a flow whatever else is wrong with it', () => {
    const flow = '{"source":{"alias":"us-east"},"target":{"alias":"us-west"},"v":99}';

    for (const FLOW of [flow, packVariable(flow)]) expect(flowNameIn({ FLOW })).toBe('us-east->us-west');
    for (const FLOW of [undefined, '', 'hello', '{"source":', packVariable('{"source":{},"target":{}}')])
      expect(flowNameIn({ FLOW })).toBeUndefined();
  });

  test('reads what a function wants beside', () => {
    const switches = z.object({ TWO_WAY: z.stringbool(), OFFSET_MAP_TABLE: z.string() });

    expect(parseVariables(switches, { ...table, TWO_WAY: 'true' })).toEqual({
      TWO_WAY: true,
      OFFSET_MAP_TABLE: 'offset-map',
    });
    expect(() => parseVariables(switches, { ...table, TWO_WAY: 'perhaps' })).toThrow(/TWO_WAY/);
  });
});
