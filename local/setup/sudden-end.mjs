const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const FIRST_SIGNAL_CODE = 129;

/** The listeners of all arrangements, which are not to be taken for somebody who deals with the signal. */
const ours = new Set();

/**
 * Calls `cleanUp` once, synchronously, when this process ends by `process.exit`, an uncaught error or a signal. A signal
 * that nobody else listens for ends the process as it would have without this.
 *
 * @param {(failed: boolean) => void} cleanUp `failed` is false for a signal, for exit code 0, and for the codes by which
 *   a program says that it dealt with a signal (128 and its number)
 * @returns {() => void} takes the arrangement back
 */
export function onSuddenEnd(cleanUp) {
  const onExit = (code) => cleanUp(code !== 0 && code < FIRST_SIGNAL_CODE);
  const onSignal = (signal) => {
    if (process.listeners(signal).some((listener) => !ours.has(listener))) return;
    // Listening until it is done: a second Ctrl-C is not to cut it short.
    cleanUp(false);
    forget();
    // With several arrangements the last one lets the signal through: the others' listeners still hold it back.
    process.kill(process.pid, signal);
  };
  const forget = () => {
    ours.delete(onSignal);
    process.off('exit', onExit);
    for (const signal of signals) process.off(signal, onSignal);
  };
  ours.add(onSignal);
  // What was arranged last is cleaned up first: a program is ended before the folder that it writes to is removed.
  process.prependListener('exit', onExit);
  for (const signal of signals) process.prependListener(signal, onSignal);
  return forget;
}
