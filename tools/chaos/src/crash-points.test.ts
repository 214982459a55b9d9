import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { executorPoints } from '@action-mesh/executor/diagnostics';
import { messagingPoints } from '@action-mesh/messaging/diagnostics';

import { crashPoints } from './crash-points.js';

const root = join(import.meta.dirname, '../../..');

/** The points of a list that the code below a folder publishes. */
function publishedIn(folder: string, list: string): string[] {
  const sources = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(root, folder, file), 'utf8'));
  const calls = sources.join('\n').matchAll(new RegExp(`${list}\\.(\\w+)\\.publish(AfterTurn)?\\(`, 'g'));
  return [...new Set([...calls].map(([, name = '']) => name))].sort();
}

describe('the crash points', () => {
  it.each([
    ['services/executor/src', 'executorPoints', 'mesh:executor:', executorPoints],
    ['libs/messaging/src', 'messagingPoints', 'mesh:messaging:', messagingPoints],
  ])('of %s are all published by its code, under their names', (folder, list, prefix, points) => {
    expect(publishedIn(folder, list)).toEqual(Object.keys(points).sort());
    for (const [key, { name }] of Object.entries(points)) expect(name).toBe(prefix + key);
  });

  it('are those of the executor and of its Kafka runtime', () => {
    expect([...crashPoints].sort()).toEqual(
      [...Object.keys(executorPoints), ...Object.keys(messagingPoints)].sort(),
    );
  });
});
