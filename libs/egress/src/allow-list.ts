import ipaddr from 'ipaddr.js';
import { parseAddress } from './address.js';
import type { IpAddress } from './address.js';
import { EgressPolicyError } from './egress.errors.js';

interface Entry {
  readonly host?: string;
  readonly network?: readonly [IpAddress, number];
  readonly port?: number | 'any';
}

/** The destinations that the operator trusts by name, address or network. */
export class AllowList {
  readonly #entries: readonly Entry[];
  /** True: a name may turn out to be listed after its resolution. */
  readonly hasNetworks: boolean;

  readonly #defaultPorts: ReadonlySet<number>;

  /** Errors: `EGRESS_POLICY`, with every entry that cannot be read. */
  constructor(entries: readonly string[], defaultPorts: ReadonlySet<number>) {
    this.#defaultPorts = defaultPorts;

    const broken: string[] = [];
    this.#entries = entries.flatMap((text) => {
      const entry = parseEntry(text);
      if (entry === undefined) broken.push(text);
      return entry ?? [];
    });
    if (broken.length > 0)
      throw new EgressPolicyError(`cannot read allow-list entries: ${broken.join(', ')}`);
    this.hasNetworks = this.#entries.some(({ network }) => network !== undefined);
  }

  hasHost(hostname: string, port: number): boolean {
    return this.#entries.some((entry) => entry.host === hostname && this.#hasPort(entry, port));
  }

  hasAddress(address: IpAddress, port: number): boolean {
    return this.#entries.some(({ network, ...entry }) => {
      if (network === undefined || !this.#hasPort(entry, port)) return false;
      const [base, bits] = network;
      return base.kind() === address.kind() && address.match(base, bits);
    });
  }

  #hasPort({ port }: Entry, wanted: number): boolean {
    if (port === 'any') return true;
    return port === undefined ? this.#defaultPorts.has(wanted) : port === wanted;
  }
}

function parseEntry(text: string): Entry | undefined {
  const wholeAddress = parseNetwork(text);
  if (wholeAddress !== undefined) return { network: wholeAddress };
  const split = /^(.+):(\d{1,5}|\*)$/.exec(text);
  const target = split?.[1] ?? text;
  const port = portOf(split?.[2]);
  if (port === undefined) return undefined;
  const network = parseNetwork(target);
  if (network !== undefined) return { network, ...port };
  return /^(?!-)[a-z0-9-_]+(\.[a-z0-9-_]+)*$/i.test(target) && !/^[\d.]+$/.test(target)
    ? { host: target.toLowerCase(), ...port }
    : undefined;
}

/** The port in an entry. Empty object: the entry has no port. `undefined`: the text is no port number. */
function portOf(text: string | undefined): { readonly port?: number | 'any' } | undefined {
  if (text === undefined) return {};
  if (text === '*') return { port: 'any' };
  const port = Number(text);
  return port >= 1 && port <= 65_535 ? { port } : undefined;
}

function parseNetwork(text: string): [IpAddress, number] | undefined {
  const slash = /^(.+)\/(\d{1,3})$/.exec(text);
  const address = parseAddress(slash?.[1] ?? text);
  if (address === undefined) return undefined;
  const most = address instanceof ipaddr.IPv4 ? 32 : 128;
  const bits = slash?.[2] === undefined ? most : Number(slash[2]);
  return bits <= most ? [address, bits] : undefined;
}
