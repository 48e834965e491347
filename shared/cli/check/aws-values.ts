import { parseProperties } from '../../config/properties.ts';
import { readList } from '../../config/values.ts';
import { judgeValue } from './placeholder.ts';
import { judgeRegion } from './regions.ts';
import type { Remark } from './remark.ts';

const REGION = /\.causeway\.region$/;
/** Values that AWS gives. */
const GIVEN_BY_AWS =
  /\.causeway\.(?:cluster\.arn|vpc\.id|subnets|security\.groups|broker\.security\.group|secret\.arn|secret\.key\.arns)$/;

export interface Remarks {
  readonly faults: readonly Remark[];
  readonly warnings: readonly Remark[];
}

/** What is to be said of regions and ARNs that have the right form and are likely not what was meant. */
export function remarksOnAwsValues(text: string, knownRegions: readonly string[]): Remarks {
  const faults: Remark[] = [];
  const warnings: Remark[] = [];
  for (const { key, value, line } of parseProperties(text).properties) {
    const judged = REGION.test(key)
      ? [judgeRegion(value.trim(), knownRegions)]
      : GIVEN_BY_AWS.test(key)
        ? readList(value).map(judgeValue)
        : [];
    for (const said of judged.filter((each) => each !== undefined)) {
      if ('fault' in said) faults.push({ line, key, value, says: said.fault });
      else warnings.push({ line, key, value, says: said.warning });
    }
  }
  return { faults, warnings };
}
