import { readdirSync, readFileSync } from 'node:fs';

/**
 * Kills the processes in which a function of one local region runs, as Lambda's execution environments die: from one moment
 * to the next, whatever they have under way. Linux alone tells whose processes they are.
 *
 * @param awsEndpoint of the region, which no other run has
 * @returns how many there were
 */
export function killFunction(functionName: string, awsEndpoint: string): number {
  const own = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const variables = environmentOf(pid);
      return (
        variables.includes(`AWS_LAMBDA_FUNCTION_NAME=${functionName}`) &&
        variables.some((each) => each.startsWith('AWS_ENDPOINT_URL=') && portOf(each) === portOf(awsEndpoint))
      );
    });
  for (const pid of own) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
  return own.length;
}

/** Empty for processes that have ended, and for those of others. */
function environmentOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function portOf(text: string): string | undefined {
  return /:(\d+)\/?$/.exec(text)?.[1];
}
