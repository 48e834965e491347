import { describe, expect, it } from 'vitest';
import { parseLocal } from '../../../../local/region/arguments.ts';
import { tasks } from '../../../../local/setup/tasks.mjs';

describe('npm run local', () => {
  it('starts two clusters of one broker with AWS, in the foreground, unless told otherwise', () => {
    expect(parseLocal(['up'])).toEqual({
      command: 'up',
      options: { brokers: 1, secured: false, aws: true, detach: false },
    });
    expect(parseLocal(['up', '--brokers=3', '--secured', '--no-aws', '--detach'])).toEqual({
      command: 'up',
      options: { brokers: 3, secured: true, aws: false, detach: true },
    });
  });

  it('stops the run that is named, or all', () => {
    expect(parseLocal(['down', 'r1'])).toEqual({ command: 'down', id: 'r1', all: false });
    expect(parseLocal(['down', '--all'])).toEqual({ command: 'down', id: undefined, all: true });
  });

  it.each([
    [[], 'What is to be done?'],
    [['start'], 'There is no command "start".'],
    [['--all'], 'There is no command "--all".'],
    [['up', '--fast'], "Unknown option '--fast'"],
    [['up', 'us-east'], "Unexpected argument 'us-east'"],
    [['up', '--all'], "Unknown option '--all'"],
    [['up', '--brokers', 'many'], '--brokers many: a count from 1'],
    [['up', '--brokers', '0'], '--brokers 0: a count from 1'],
    [['status', 'r1'], "Unexpected argument 'r1'"],
    [['status', '--secured'], "Unknown option '--secured'"],
    [['down', '--detach'], "Unknown option '--detach'"],
    [['down', '--no-all'], "Unknown option '--no-all'"],
    [['down', 'r1', 'r2'], 'down stops one run or all of them: r1, r2 are several'],
  ])('refuses %j with its usage', (args, sentence) => {
    expect(() => parseLocal(args)).toThrow(sentence);
    expect(() => parseLocal(args)).toThrow(expect.objectContaining({ next: tasks.local.help }));
  });
});
