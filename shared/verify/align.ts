/** So many records in a row agree where two logs are taken to agree again. */
const IN_A_ROW = 8;

/** How many records of each side stand before the place from which on both agree again. */
export interface Apart {
  readonly source: number;
  readonly target: number;
}

/**
 * The nearest place from which on two lists agree again, whose first items do not.
 * @param same whether the i-th item on the source is the j-th on the target
 * @returns undefined: nowhere in what is in sight
 */
export function apart(
  sources: number,
  targets: number,
  same: (source: number, target: number) => boolean,
): Apart | undefined {
  const agree = (source: number, target: number) => {
    if (source === sources && target === targets) return true;
    const most = Math.min(IN_A_ROW, sources - source, targets - target);
    for (let i = 0; i < most; i++) if (!same(source + i, target + i)) return false;
    return most > 0;
  };
  for (let distance = 1; distance <= Math.max(sources, targets); distance++) {
    if (distance <= sources && distance <= targets && agree(distance, distance)) {
      return { source: distance, target: distance };
    }
    for (let less = 0; less < distance; less++) {
      if (distance <= sources && less <= targets && agree(distance, less)) return { source: distance, target: less };
      if (distance <= targets && less <= sources && agree(less, distance)) return { source: less, target: distance };
    }
  }
  return undefined;
}
