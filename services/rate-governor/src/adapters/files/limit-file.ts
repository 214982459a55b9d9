import { readFile } from 'node:fs/promises';

import type { LimitPolicy } from '@action-mesh/contracts/rate-governor';
import { errorMessage } from '@action-mesh/kernel';

import { checkLimit } from '../../domain/check-limit.js';
import { LimitFileError } from '../../domain/rate-governor.errors.js';

/** The limits that are code: a JSON file that holds a list of policies. Throws with all problems at once. */
export async function readLimitFile(path: string): Promise<readonly LimitPolicy[]> {
  const entries = await entriesOf(path);
  const problems: string[] = [];
  const limits = new Map<string, LimitPolicy>();
  for (const [index, entry] of entries.entries()) {
    const checked = checkLimit(entry);
    if (!checked.ok) {
      problems.push(...checked.problems.map(({ pointer, message }) => `/${index}${pointer} ${message}`));
    } else if (limits.has(checked.policy.id)) {
      problems.push(`/${index}/id "${checked.policy.id}" is there twice`);
    } else limits.set(checked.policy.id, checked.policy);
  }
  if (problems.length > 0) throw new LimitFileError(`${path} is not usable: ${problems.join('; ')}`);
  return [...limits.values()];
}

async function entriesOf(path: string): Promise<readonly unknown[]> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new LimitFileError(`${path} cannot be read: ${errorMessage(error)}`, { cause: error });
  }
  if (!Array.isArray(content)) throw new LimitFileError(`${path} is not usable: it must be a list of limits`);
  return content as readonly unknown[];
}
