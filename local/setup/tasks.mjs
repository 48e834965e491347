/** @typedef {import('./tasks.d.mts').Need} Need */

/** @type {readonly Need[]} */
const forCode = ['node', 'npm'];
/** @type {readonly Need[]} */
const forBrokers = [...forCode, 'java', 'maven'];
/** @type {readonly Need[]} */
const forRegions = [...forBrokers, 'python'];

const demoHelp = `Usage: npm run demo [-- failover] [-- <options>]

Starts two Kafka clusters and AWS on this machine, deploys both regions, lets applications write and read, and shows what an
operator sees. Their runbooks then move the applications, while they run, to the other region (switchover) and home again
(failback). It proves that every record came over once, in order, that offsets translate exactly, and that every group read
every record once. Takes two to four minutes.

  failover       instead: kills every broker of the applications' region, moves them by the failover runbook, tells what was
                 left behind, brings the region back, and proves that nothing is lost in the end

  --records <n>  how many records are written before anything is moved, from 1000; default 60000
  --keep         leaves the regions up at the end, and says how to reach and how to stop them

Exit code 0: proven; 1: not proven, or it could not be done; 2: the command line is wrong;
130: Ctrl-C, which stops and removes everything but regions that are kept.`;

const testHelp = `Usage: npm test [-- <part> [<filters and options of vitest>]]

  check        formatter, linter and type checker
  unit         tests of code alone
  integration  tests against real brokers and AWS on this machine, with two deployments from end to end

Without a part all of them, in this order. docs/local.md says how tests use regions that are up already.
Exit code 0: everything passed; 1: not; 2: the command line is wrong.`;

const localHelp = `Usage: npm run local -- <command>

  up [--brokers <n>] [--secured] [--no-aws] [--detach]
                   start two regions; in the foreground, until Ctrl-C, unless detached
  status           the runs that are up, with their addresses
  down [<run id>]  stop that run; without an id the only one that is up
  down --all       stop every run, also those of others in this checkout

Exit code 0: done; 1: it could not be done; 2: the command line is wrong.`;

const checkHelp = `Usage: npm run check

Formatter, linter and type checker; changes nothing. Exit code 0: all is well; 1: not; 2: the
command line is wrong.`;

/**
 * Those of the benches that need less than two regions.
 *
 * @type {Readonly<Record<string, readonly Need[]>>}
 */
const benchNeeds = { simulate: forCode, handler: forBrokers };

/** Parts of `test` that run on code alone. */
const codeOnly = new Set(['check', 'unit']);

/**
 * The commands of package.json: which file each runs, and what it needs of the machine.
 *
 * @type {Record<string, import('./tasks.d.mts').Task>}
 */
export const tasks = {
  test: {
    entry: 'local/setup/test.ts',
    does: 'check, unit and integration tests; `-- unit` and the like for a part of them',
    help: testHelp,
    needs: ([part]) => (part !== undefined && codeOnly.has(part) ? forCode : forRegions),
  },
  check: {
    entry: 'local/setup/check.ts',
    does: 'formatter, linter and type checker',
    help: checkHelp,
    needs: () => forCode,
  },
  demo: {
    entry: 'local/demo/demo.ts',
    does: 'two regions, real records, a switchover and back, a proof; `-- failover` loses a region',
    help: demoHelp,
    needs: () => forRegions,
  },
  bench: {
    entry: 'bench/bench.ts',
    does: 'measurements, `-- handler` for one',
    needs: ([name]) => (name === undefined || name.startsWith('-') ? forCode : (benchNeeds[name] ?? forRegions)),
  },
  local: {
    entry: 'local/region/local.ts',
    does: 'regions on this machine: up, status, down',
    help: localHelp,
    needs: () => forRegions,
  },
  synth: { entry: 'local/setup/synth.ts', does: 'the CloudFormation templates', needs: () => forCode },
};

/** @param {string | undefined} name */
export function usage(name) {
  const lines = Object.entries(tasks).map(([task, { does }]) => `  ${task.padEnd(7)} ${does}`);
  return `${name ? `There is no task "${name}". ` : ''}Usage: node local/setup/run.mjs <task> [arguments]\n${lines.join('\n')}`;
}

const helpOptions = ['--help', '-h'];

/**
 * What is answered instead of running a task.
 *
 * @param {readonly string[]} args the task's name and its arguments
 * @returns {string | undefined} undefined when no help is asked for, or when the task's own program gives it
 */
export function helpFor([name, ...args]) {
  if (name !== undefined && helpOptions.includes(name)) return usage(undefined);
  const help = name !== undefined && Object.hasOwn(tasks, name) ? tasks[name].help : undefined;
  return args.some((arg) => helpOptions.includes(arg)) ? help : undefined;
}
