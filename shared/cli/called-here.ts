/** Advice is written for the functions; where a command calls, the caller is this machine. */
export function asCalledHere(advice: string): string {
  return advice.replaceAll('this function', 'this machine');
}
