import { expect, it } from 'vitest';
import { checkNode } from '../../../shared/runtime/node-version.ts';

it.each(['20.20.2', '22.14.9', '9.99.0'])('Node %s is too old, in one sentence', (version) => {
  expect(() => checkNode(version)).toThrow(
    expect.objectContaining({
      code: 'NODE_TOO_OLD',
      message: `causeway needs Node 22.15 or newer; this is Node ${version}`,
    }),
  );
});

it.each(['22.15.0', '22.22.1', '23.0.0', '24.21.0', '100.0.0'])('Node %s is new enough', (version) => {
  expect(() => checkNode(version)).not.toThrow();
});
