import { nearest } from '../../config/nearest.ts';

/** Every region of AWS is named for a place, a direction and a number. */
const DIRECTED = /-(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-\d+$/;

/** What is to be said of a region's name; undefined where it is known. */
export type RegionRemark = { readonly fault: string } | { readonly warning: string };

/**
 * Judges a name by the regions that this version knows. A region may be newer than this version, so a name that AWS could
 * have given is only a warning; one that it could not is a fault.
 */
export function judgeRegion(name: string, known: readonly string[]): RegionRemark | undefined {
  if (known.includes(name)) return undefined;
  const near = nearest(name, known);
  if (!DIRECTED.test(name))
    return {
      fault: `expected an AWS region, which ${name} is not${near === undefined ? '' : `; did you mean ${near}?`}`,
    };
  const hint = near === undefined ? '' : `; the nearest known is ${near}`;
  return { warning: `${name} is not known to this version${hint}. It is used as it is: AWS may have it by now` };
}

/** A region by its name, with the known one that a slip may stand for. */
export function describeRegion(name: string, known: readonly string[]): string {
  const near = known.includes(name) ? undefined : nearest(name, known);
  return near === undefined ? name : `${name} (the nearest known is ${near})`;
}
