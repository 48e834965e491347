/** @typedef {import('./tasks.d.mts').Need} Need */

/** @type {readonly Need[]} */
const forCode = ['node', 'npm'];
/** @type {readonly Need[]} */
const forBrokers = [...forCode, 'java', 'maven'];
/** @type {readonly Need[]} */
const forRegions = [...forBrokers, 'python'];

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
    needs: ([part]) => (part !== undefined && codeOnly.has(part) ? forCode : forRegions),
  },
  check: { entry: 'local/setup/check.ts', does: 'formatter, linter and type checker', needs: () => forCode },
  demo: { entry: 'local/demo/demo.ts', does: 'two regions, real records, a proof', needs: () => forRegions },
  bench: {
    entry: 'bench/bench.ts',
    does: 'measurements, `-- handler` for one',
    needs: ([name]) => (name === 'exactly-once' ? forRegions : forBrokers),
  },
  local: { entry: 'local/region/local.ts', does: 'regions on this machine: up, status, down', needs: () => forRegions },
  synth: { entry: 'local/setup/synth.ts', does: 'the CloudFormation templates', needs: () => forCode },
};

/** @param {string | undefined} name */
export function usage(name) {
  const lines = Object.entries(tasks).map(([task, { does }]) => `  ${task.padEnd(7)} ${does}`);
  return `${name ? `There is no task "${name}". ` : ''}Usage: node local/setup/run.mjs <task> [arguments]\n${lines.join('\n')}`;
}
