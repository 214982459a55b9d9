import { createServer } from 'node:net';

// Below the ports that systems hand out to outgoing connections, so that none of those can take a port of ours
// while a server is being restarted on it.
const lowest = 15_000;
const highest = 32_000;

/** Ports that were free a moment ago, spread at random so that runs at the same time rarely pick the same. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

/** Whether a server could listen on this port of 127.0.0.1 now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
