import { describe, expect, it } from 'vitest';
import { Aborted, Backoff, unlessAborted } from '../../../../shared/adapters/kafka/deadline.ts';

describe('unlessAborted', () => {
  it('is the promise itself when nothing ends it', async () => {
    expect(await unlessAborted(Promise.resolve(7), undefined)).toBe(7);
    expect(await unlessAborted(Promise.resolve(7), new AbortController().signal)).toBe(7);
    await expect(unlessAborted(Promise.reject(new Error('no')), new AbortController().signal)).rejects.toThrow('no');
  });

  it('ends as soon as the signal does', async () => {
    const controller = new AbortController();
    const waiting = unlessAborted(new Promise(() => {}), controller.signal);
    controller.abort();
    await expect(waiting).rejects.toBeInstanceOf(Aborted);
  });

  it('does not begin to wait when the signal has ended, and leaves no rejection behind', async () => {
    await expect(unlessAborted(Promise.reject(new Error('later')), AbortSignal.abort())).rejects.toBeInstanceOf(
      Aborted,
    );
  });
});

describe('Backoff', () => {
  it('gives up when there is no time for another pause', async () => {
    expect(await new Backoff(10, undefined).pause()).toBe(false);
    expect(await new Backoff(60_000, AbortSignal.abort()).pause()).toBe(false);
    expect(await new Backoff(100, undefined).pause(200)).toBe(false);
  });

  it('ends a pause with the signal', async () => {
    const controller = new AbortController();
    const pause = new Backoff(60_000, controller.signal).pause(30_000);
    controller.abort();
    expect(await pause).toBe(false);
  });

  it('pauses while there is time', async () => {
    const backoff = new Backoff(10_000, undefined);
    expect([await backoff.pause(), await backoff.pause()]).toEqual([true, true]);
  });
});
