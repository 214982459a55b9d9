import { readFile } from 'node:fs/promises';

import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';
import { errorMessage } from '@action-mesh/kernel';

import { checkLimit } from '../../domain/check-limit.js';
import { LimitFileError } from '../../domain/rate-governor.errors.js';

/**
 * Reads the operator's limits: JSON files (`*.json`) with a list of policies, and packages that export a list as `limits`,
 * such as the curated toolkits. Each id may appear once. Throws with all problems of the first place that has any.
 */
export async function readLimits(places: readonly string[]): Promise<readonly LimitPolicy[]> {
  const limits = new Map<string, LimitPolicy>();
  for (const place of places) {
    const problems: string[] = [];
    for (const [index, entry] of (await entriesOf(place)).entries()) {
      const checked = checkLimit(entry);
      if (!checked.ok) {
        problems.push(...checked.problems.map(({ pointer, message }) => `/${index}${pointer} ${message}`));
      } else if (limits.has(checked.policy.id)) {
        problems.push(`/${index}/id "${checked.policy.id}" appears twice`);
      } else limits.set(checked.policy.id, { ...checked.policy, place });
    }
    if (problems.length > 0) throw new LimitFileError(`${place} is not usable: ${problems.join('; ')}`);
  }
  return [...limits.values()];
}

async function entriesOf(place: string): Promise<readonly unknown[]> {
  let content: unknown;
  try {
    content = place.endsWith('.json')
      ? JSON.parse(await readFile(place, 'utf8'))
      : ((await import(place)) as { readonly limits?: unknown }).limits;
  } catch (error) {
    throw new LimitFileError(`${place} cannot be read: ${errorMessage(error)}`, { cause: error });
  }
  if (!Array.isArray(content))
    throw new LimitFileError(`${place} is not usable: it must hold a list of limits`);
  return content as readonly unknown[];
}
