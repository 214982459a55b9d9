import { createServer } from 'node:net';

/** The port of each part of a mesh on one machine. They are the same at every start. */
export interface StartPorts {
  readonly gateway: number;
  readonly catalog: number;
  readonly executor: number;
  readonly rateGovernor: number;
  readonly authBroker: number;
  readonly webhooks: number;
  readonly audit: number;
  /** The provider of the demo tools. */
  readonly provider: number;
  readonly flows: number;
}

/** `PORT` is not a port number, or one of the ports that follow from it is taken. */
export class PortError extends Error {
  /** Whether the variable itself is wrong. Otherwise another program has the port. */
  readonly isUsage: boolean;

  constructor(
    message: string,

    isUsage: boolean,
  ) {
    super(message);
    this.isUsage = isUsage;
  }
}

const parts = [
  'gateway',
  'catalog',
  'executor',
  'rateGovernor',
  'authBroker',
  'webhooks',
  'audit',
  'provider',
  'flows',
] as const;
const defaultPort = 8080;
const highestPort = 65_535 - parts.length;
/** The distance between the ports of two starts on one machine, so people recognise each start by its ports. */
const step = 10;

/**
 * The ports of a start: `PORT` and the next eight. Rejects with {@link PortError} when one of them is taken, and names a
 * value of `PORT` with nine free ports. With `PORT=0` the system chooses all of them. That of the gateway is chosen here, because links
 * to it are written before it listens.
 */
export async function startPorts(text: string | undefined, host: string): Promise<StartPorts> {
  const first = portOf(text);
  if (first === 0) return { ...portsFrom(0, 0), gateway: await anyFree(host) };
  const taken = await firstTaken(first, host);
  if (taken === undefined) return portsFrom(first, 1);
  const part = parts[taken - first] ?? 'gateway';
  const what =
    part === 'gateway'
      ? `PORT ${taken} is taken, perhaps by a mesh that runs already`
      : `port ${taken} is taken; the ${nameOf(part)} needs it, since PORT is ${first}`;
  const free = await freeFrom(first, host);
  throw new PortError(
    `${what}. Start on other ports${free === undefined ? '' : `: PORT=${free} npm start`}`,
    false,
  );
}

function portOf(text: string | undefined): number {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return defaultPort;
  const port = /^\d{1,5}$/.test(trimmed) ? Number(trimmed) : NaN;
  if (!(port <= highestPort))
    throw new PortError(`PORT must be a whole number from 0 to ${highestPort}`, true);
  return port;
}

function portsFrom(first: number, gap: number): StartPorts {
  return {
    gateway: first,
    catalog: first + gap,
    executor: first + 2 * gap,
    rateGovernor: first + 3 * gap,
    authBroker: first + 4 * gap,
    webhooks: first + 5 * gap,
    audit: first + 6 * gap,
    provider: first + 7 * gap,
    flows: first + 8 * gap,
  };
}

function nameOf(part: (typeof parts)[number]): string {
  return part.replace(/[A-Z]/, (letter) => ` ${letter.toLowerCase()}`);
}

async function firstTaken(first: number, host: string): Promise<number | undefined> {
  for (const [index, part] of parts.entries()) {
    if (!(await isFree(first + index, part === 'gateway' ? host : '127.0.0.1'))) return first + index;
  }
  return undefined;
}

async function freeFrom(first: number, host: string): Promise<number | undefined> {
  for (let candidate = first + step; candidate <= Math.min(first + 20 * step, highestPort); candidate += step)
    if ((await firstTaken(candidate, host)) === undefined) return candidate;
  return undefined;
}

function anyFree(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port: 0, host }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
