import { startPorts } from '../src/start/ports.js';

/** Below the ports of outgoing connections, which may be taken at any time, and below those of libs/devstack. */
const lowest = 10_000;
const blocks = 450;
const blockSize = 10;

/** The first of six ports in a row that were free a moment ago. One start of a mesh takes six. */
export async function firstFreePort(): Promise<number> {
  for (;;) {
    const base = lowest + blockSize * Math.floor(Math.random() * blocks);
    const isFree = await startPorts(String(base), '127.0.0.1').then(
      () => true,
      () => false,
    );
    if (isFree) return base;
  }
}
