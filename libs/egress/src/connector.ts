import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupFunction, Socket } from 'node:net';
import { buildConnector } from 'undici';
import { notSent } from './attempt.js';
import type { NotSent } from './attempt.js';
import { ConnectFailure } from './egress.errors.js';
import type { EgressFilter, OriginRules } from './egress-filter.js';
import { skipInterimResponses } from './interim-responses.js';
import type { EgressPolicy, Resolve } from './policy.js';

/** Asks the resolver of the operating system. */
export const resolveBySystem: Resolve = async (hostname) =>
  (await systemLookup(hostname, { all: true })) as Awaited<ReturnType<Resolve>>;

/**
 * Opens connections for one origin, to checked addresses only, and reports for every failure how far it came. A name is
 * resolved once per connection. The connector dials the addresses that it checked, so a DNS record that changes in between
 * has no effect.
 */
export function guardedConnector(
  filter: EgressFilter,
  rules: OriginRules,
  policy: EgressPolicy,
): buildConnector.connector {
  const { connectTimeoutMs = 5000, resolve = resolveBySystem, ca } = policy;
  const dial = buildConnector({
    // Our timeout also covers resolution and is exact. Undici rounds its own to half seconds.
    timeout: 0,
    lookup: guardedLookup(filter, rules, resolve),
    ...(ca === undefined ? {} : { ca: typeof ca === 'string' ? ca : [...ca] }),
  }) as (...args: Parameters<buildConnector.connector>) => Socket;

  const to = `${rules.hostname}:${rules.port}`;
  return (target, callback) => {
    let reached = false;
    const socket = dial(target, (...[error, connected]) => {
      clearTimeout(timer);
      if (error !== null) {
        callback(toFailure(error, reached && target.protocol === 'https:', to), null);
        return;
      }
      // Address literals skip the lookup, which would check them. This check of the connected peer covers every
      // address.
      const refusal = filter.admit(connected.remoteAddress ?? '', rules);
      if (refusal === undefined) {
        callback(null, skipInterimResponses(connected));
        return;
      }
      connected.destroy();
      callback(new ConnectFailure(refusal), null);
    });
    const timer = setTimeout(() => {
      const detail = `no connection to ${to} within ${connectTimeoutMs} ms`;
      socket.destroy(new ConnectFailure(connectTimeout(to, detail)));
    }, connectTimeoutMs);
    socket.once('connect', () => (reached = true));
  };
}

/** A lookup that fails when one of the addresses may not be reached. */
export function guardedLookup(filter: EgressFilter, rules: OriginRules, resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        for (const { address } of addresses) {
          const refusal = filter.admit(address, rules);
          if (refusal !== undefined) {
            callback(new ConnectFailure(refusal), []);
            return;
          }
        }
        const [first] = addresses;
        if (first === undefined) callback(new ConnectFailure(noName(`${hostname} has no address`)), []);
        else if (options.all === true) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => {
        const code = systemCode(error);
        callback(new ConnectFailure(noName(`${hostname}: ${code}`)), []);
      },
    );
  };
}

/** The failure of a connection. `to` is the host and port of the URL, which the caller already knows. */
export function toFailure(error: Error, isHandshake: boolean, to: string): ConnectFailure {
  if (error instanceof ConnectFailure) return error;
  const code = systemCode(error);
  if (isHandshake) {
    return new ConnectFailure(
      notSent('tls', 'EGRESS_TLS', `no secure connection to ${to} could be made`, code),
    );
  }
  if (code === 'ETIMEDOUT') return new ConnectFailure(connectTimeout(to, code));
  return new ConnectFailure(
    notSent('refused', 'EGRESS_REFUSED', `the connection to ${to} was refused`, code),
  );
}

function connectTimeout(to: string, detail: string): NotSent {
  const message = `no connection to ${to} could be made in time`;
  return notSent('connect_timeout', 'EGRESS_CONNECT_TIMEOUT', message, detail);
}

function noName(detail: string): NotSent {
  return notSent('dns', 'EGRESS_DNS', 'the host name could not be resolved', detail);
}

function systemCode(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'message' in error && typeof error.message === 'string' ? error.message : 'unknown';
}
