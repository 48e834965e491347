import { expect, test } from 'vitest';
import { FailoverEmitter } from '../../../../shared/client/failover/events.ts';

const MOVED = { from: 'us-east', to: 'us-west', generation: 2 };

test('a listener that throws is reported, and the others hear the event all the same', () => {
  const reported: unknown[] = [];
  const emitter = new FailoverEmitter((event, error) => reported.push([event, error]));
  const heard: unknown[] = [];
  emitter.on('moved', () => {
    throw new Error('mine');
  });
  emitter.on('moved', (event) => heard.push(event));
  emitter.emit('moved', MOVED);

  expect(reported).toEqual([['moved', new Error('mine')]]);
  expect(heard).toEqual([MOVED]);
});

test('a listener that is taken away hears nothing more', () => {
  const emitter = new FailoverEmitter(() => {});
  const heard: unknown[] = [];
  const off = emitter.on('moved', (event) => heard.push(event));
  emitter.emit('moved', MOVED);
  off();
  emitter.emit('moved', MOVED);

  expect(heard).toHaveLength(1);
});
