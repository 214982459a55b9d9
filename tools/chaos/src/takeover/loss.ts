import { setTimeout as delay } from 'node:timers/promises';

import { waitFor } from '@action-mesh/testing';

import type { BreakableStack } from '../breakable-stack.js';
import type { ChaosMesh } from '../chaos-mesh.js';

/**
 * The ways to lose an executor: killed beside another one, killed alone with another one started half a second later,
 * frozen with its connections open, or cut off from Kafka and PostgreSQL.
 */
export const losses = ['killed', 'killed, restarted', 'frozen', 'cut_off'] as const;
export type Loss = (typeof losses)[number];

const restartAfterMs = 500;

/** Takes the executor away. */
export async function lose(stack: BreakableStack, { processes }: ChaosMesh, loss: Loss): Promise<void> {
  switch (loss) {
    case 'killed':
    case 'killed, restarted':
      await processes.kill('executor-lost');
      return;
    case 'frozen':
      processes.pause('executor-lost');
      return;
    case 'cut_off':
      stack.proxies.kafka.set({ blackHole: 'both' });
      stack.proxies.postgres.set({ blackHole: 'both' });
  }
}

/** Starts the executor that takes over from one that ran alone. */
export async function startLater({ processes }: ChaosMesh): Promise<void> {
  await delay(restartAfterMs);
  await processes.start('executor-other');
}

/** Lets the lost executor continue. Its late requests and writes are counted with the rest. */
export async function bringBack(stack: BreakableStack, mesh: ChaosMesh, loss: Loss): Promise<void> {
  stack.proxies.kafka.heal();
  stack.proxies.postgres.heal();
  if (loss === 'killed' || loss === 'killed, restarted') return;
  mesh.processes.resume('executor-lost');
  await waitFor(async () => (await mesh.livesOf('executor-lost')) > 1, {
    timeoutMs: 30_000,
    what: 'the lost executor to notice its loss',
  });
}
