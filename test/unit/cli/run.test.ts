import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../../shared/cli/commands.ts';
import { EXIT_CODES, ExitCode } from '../../../shared/cli/exit-code.ts';
import { causeway, properties } from './command-line.ts';

const file = properties('us-east->us-west.topics = orders');

describe('the command line', () => {
  test.each([
    ['an answer that is yes', ['explain', 'orders'], file, 0],
    ['an answer that is no', ['explain', 'stock'], file, 1],
    ['no command', [], file, 2],
    ['an unknown command', ['exlpain', 'orders'], file, 2],
    ['an unknown option', ['explain', 'orders', '--jsn'], file, 2],
    ['an option without its value', ['explain', 'orders', '--flow'], file, 2],
    ['a flow that is not there', ['explain', 'orders', '--flow', 'a->b'], file, 2],
    ['a file with a fault', ['explain', 'orders'], properties('tasks.max = many'), 3],
    ['no file', ['explain', 'orders'], undefined, 3],
    ['a file without what the command needs', ['plan'], file, 3],
    ['help', ['--help'], undefined, 0],
    ['help of a command', ['help', 'explain'], undefined, 0],
    ['the version', ['--version'], undefined, 0],
  ])('%s: %j ends with the documented code', async (_, args, text, code) => {
    const { exitCode } = await causeway(args, text);

    expect(exitCode).toBe(code);
    expect(EXIT_CODES.map((each) => each.code)).toContain(exitCode);
  });

  test('prints answers on one channel and errors on the other', async () => {
    const answered = await causeway(['explain', 'orders'], file);
    const refused = await causeway(['explain', 'orders', '--flow', 'x'], file);

    expect(answered.err).toBe('');
    expect(answered.out).toContain('orders is replicated as us-east.orders');
    expect(refused.out).toBe('');
    expect(refused.err).toContain('there is no flow x');
  });

  test('takes options before and after the command', async () => {
    const before = await causeway(['--flow', 'us-east->us-west', '--json', 'explain', 'orders'], file);
    const after = await causeway(['explain', 'orders', '--json', '--flow=us-east->us-west'], file);

    expect(before).toEqual(after);
    expect(JSON.parse(after.out).answers[0]).toMatchObject({ topic: 'orders', replicated: true });
  });

  test('takes what follows -- for names', async () => {
    const { out } = await causeway(['explain', '--', '--orders'], file);

    expect(out).toContain('--orders is not replicated');
  });

  test.each([
    [['chekc'], 'there is no command chekc; did you mean check?'],
    [['explain', '--grop', 'g'], 'there is no option --grop; did you mean --group?'],
    [['explain', '-x'], 'there is no option -x'],
    [['explain', 'orders', '--json=yes'], '--json takes no value'],
    [['check', 'prod.properties'], 'check takes no prod.properties'],
    [['explain', 'orders', '--config', '--json'], '--config needs a value'],
    [['explain'], '--acl --topic <topic> --allow-principal <principal>'],
    [
      ['translate', '--topic', 'orders', '--partition', '-1', '--offset', '0'],
      '--partition -1 is no whole number from 0',
    ],
    [['explain', 'orders', '--flow', 'us-east->us-wset'], "did you mean 'us-east->us-west'?"],
    [['explain', 'orders', '--run', 'gone'], 'no run gone is up'],
  ])('%j is refused with %j', async (args, message) => {
    const { err, exitCode } = await causeway(args, file);

    expect(exitCode).toBe(2);
    expect(err.replaceAll(/\s+/g, ' ')).toContain(message);
  });

  test('takes a flow in the form that needs no quotes', async () => {
    const quoted = await causeway(['explain', 'orders', '--flow', 'us-east->us-west'], file);

    expect(await causeway(['explain', 'orders', '--flow', 'us-east:us-west'], file)).toEqual(quoted);
  });

  test('sees that a shell took the > of a flow without quotes', async () => {
    const { err } = await causeway(['explain', 'orders', '--flow', 'us-east-'], file);

    expect(err).toContain('the shell took the > for itself');
    expect(err).toContain("--flow 'us-east->us-west'");
  });
});

describe('an error', () => {
  test('says its code, what happened, what is safe and what to do next', async () => {
    const { err } = await causeway(['explain', 'orders']);

    expect(err.split('\n').map((line) => line.slice(0, 7).trim())).toEqual(['error', 'what', 'safe', 'next', '', '']);
    expect(err).toContain('error  CONFIGURATION_UNREADABLE\nwhat   there is no file mm2.properties\n');
  });

  test('is one that a binary file cannot be read, and no hundreds of warnings', async () => {
    const { err, exitCode } = await causeway(['check'], 'clusters\0 = us-east\nx\0\n');

    expect(exitCode).toBe(3);
    expect(err.replaceAll(/\s+/g, ' ')).toContain(
      'mm2.properties cannot be read: it is no text: there are zero bytes in it',
    );
  });

  test('is JSON with --json, the faults of a file one by one', async () => {
    const { err, exitCode } = await causeway(['explain', 'orders', '--json'], properties('tasks.max = many', 'x.y=1'));

    expect(exitCode).toBe(3);
    expect(JSON.parse(err).error).toMatchObject({
      code: 'CONFIGURATION_INVALID',
      exitCode: 3,
      retriable: false,
      faults: [{ line: 5, key: 'tasks.max', value: 'many', expected: 'a whole number' }],
    });
  });

  test('shows its stack with --debug only', async () => {
    const plain = await causeway(['explain', 'orders']);
    const debug = await causeway(['explain', 'orders', '--debug']);

    expect(plain.err).not.toMatch(/^\s+at /m);
    expect(debug.err).toMatch(/^\s+at /m);
    expect(debug.err).toContain('caused by Error: ENOENT');
  });

  test('that nobody foresaw is a defect, told without its stack', async () => {
    const text = properties('config.providers = ssm', `us-east->us-west.topics = \${ssm:/topics}`);
    const { err, exitCode } = await causeway(['explain', 'orders'], text, () => Promise.reject(new TypeError('oh no')));

    expect(exitCode).toBe(70);
    expect(err).toContain('error  DEFECT\nwhat   oh no\n');
    expect(err).not.toMatch(/^\s+at /m);
  });
});

describe('help', () => {
  test('lists every command of the table, every global option and every exit code', async () => {
    const { out } = await causeway(['--help']);

    for (const { name, summary } of COMMANDS) expect(out.replaceAll(/\s+/g, ' ')).toContain(`${name} ${summary}`);
    for (const option of ['--config <file>', '--flow <A->B>', '--json', '--run <id>']) expect(out).toContain(option);
    for (const { code } of EXIT_CODES) expect(out).toMatch(new RegExp(`^ {2}${code} `, 'm'));
  });

  test.each(COMMANDS.map((row) => [row.name, row] as const))('of %s fits 80 columns but for examples', async (name) => {
    const { out } = await causeway([name, '--help']);

    const long = out.split('\n').filter((line) => line.length > 80 && !/^ *(?:causeway|Usage: causeway|#) /.test(line));
    expect(long).toEqual([]);
  });

  test.each(COMMANDS.map((row) => [row.name, row] as const))(
    'of %s has examples whose options exist',
    async (name, row) => {
      const { examples } = await row.load();

      expect(examples.length).toBeGreaterThan(0);
      for (const { command } of examples) {
        const [program, ...args] = command.replaceAll("'", '').split(' ');
        const { exitCode } = await causeway(
          args.filter((arg) => !arg.startsWith('prod/') && arg !== '--config'),
          file,
        );
        expect(program).toBe('causeway');
        expect(args[0]).toBe(name);
        expect(exitCode).not.toBe(ExitCode.Usage);
      }
    },
  );
});
