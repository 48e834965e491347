import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Progress } from '../../../../local/setup/progress.mjs';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function recorded(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  return { written, output: { isTTY, columns, write: (text: string) => written.push(text) } };
}

const CLEAR = '\r\u001b[K';

it('writes a line every ten seconds into a log, and the last one', () => {
  const { written, output } = recorded(false);
  let resources = 0;

  const end = new Progress(output).begin(() => `deploy ${resources} of 37`);
  vi.advanceTimersByTime(9_999);
  expect(written).toEqual([]);
  resources = 5;
  vi.advanceTimersByTime(1);
  resources = 30;
  vi.advanceTimersByTime(12_000);
  end('done');
  vi.advanceTimersByTime(60_000);

  expect(written).toEqual(['deploy 5 of 37\n', 'deploy 30 of 37\n', 'done\n']);
});

it('writes one line of a terminal anew each second, from the first moment on', () => {
  const { written, output } = recorded(true);
  let seconds = 0;

  const end = new Progress(output).begin(() => `deploy ${seconds++} s`);
  vi.advanceTimersByTime(2_000);
  end('done');

  expect(written).toEqual([`${CLEAR}deploy 0 s`, `${CLEAR}deploy 1 s`, `${CLEAR}deploy 2 s`, `${CLEAR}done\n`]);
});

it('never fills the whole line of a terminal, which could then not be taken back', () => {
  const { written, output } = recorded(true, 10);

  new Progress(output).begin(() => '0123456789abc');

  expect(written).toEqual([`${CLEAR}012345678`]);
});

it('goes on with what else is under way when one thing ends', () => {
  const { written, output } = recorded(true);
  const progress = new Progress(output);

  const endKafka = progress.begin(() => 'Kafka');
  const endLocalStack = progress.begin(() => 'LocalStack');
  endKafka('Kafka done');
  endLocalStack('LocalStack done');

  expect(written.slice(1)).toEqual([
    `${CLEAR}Kafka, and 1 more`,
    `${CLEAR}Kafka done\n`,
    `${CLEAR}LocalStack`,
    `${CLEAR}LocalStack done\n`,
  ]);
  expect(vi.getTimerCount()).toBe(0);
});
