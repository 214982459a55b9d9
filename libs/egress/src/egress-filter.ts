import { parseUrl } from '@action-mesh/kernel';

import { describeAddress, isPublic, isReachableByName, parseAddress } from './address.js';
import { AllowList } from './allow-list.js';
import { denied } from './attempt.js';
import type { NotSent, NotSentCode } from './attempt.js';
import type { EgressPolicy } from './policy.js';

const maxUrlLength = 8192;
/**
 * The URL parser would silently drop or rewrite these characters. The request would then differ from the text that a
 * person checked.
 */
const unsafeInUrl = /[\u0000-\u0020\u007f\\]/;

/** The destination of a URL that has passed. The address behind its name must still pass `EgressFilter.admit`. */
export interface Destination {
  readonly kind: 'destination';
  /** Scheme, host and port, as undici keys its pools. */
  readonly origin: string;
  readonly path: string;
}

/** The rules for each address of one origin, for the connector. */
export interface OriginRules {
  readonly hostname: string;
  readonly port: number;
  /** The name itself is listed. */
  readonly isListed: boolean;
  /** Set if only listed addresses are allowed: the code for the refusal of all others. */
  readonly onlyListed: NotSentCode | undefined;
}

/**
 * Decides which addresses requests may reach.
 *
 * EF1 An address that is not known to be public must be in the operator's list.
 * EF2 A name passes only if all of its addresses pass.
 * EF3 A connection goes to the address that was checked.
 */
export class EgressFilter {
  readonly #allow: AllowList;
  readonly #ports: ReadonlySet<number>;
  readonly #http: 'never' | 'listed' | 'always';

  constructor(policy: EgressPolicy) {
    this.#ports = new Set(policy.ports ?? [443, 80]);
    this.#allow = new AllowList(policy.allow ?? [], this.#ports);
    this.#http = policy.http ?? 'listed';
  }

  /** Checks a URL before its name is resolved. */
  check(text: string): Destination | NotSent {
    if (text.length > maxUrlLength || unsafeInUrl.test(text)) {
      return denied('EGRESS_DENIED_URL', 'the URL is too long or has spaces, controls or backslashes in it');
    }
    const url = parseUrl(text);
    if (url === undefined) return denied('EGRESS_DENIED_URL', 'the URL cannot be parsed');
    if (url.protocol !== 'https:' && (url.protocol !== 'http:' || this.#http === 'never')) {
      return denied('EGRESS_DENIED_SCHEME', `scheme ${url.protocol}`);
    }
    // The parsed URL drops an empty user name, so this reads the text.
    if (/^[a-z]+:\/*[^/?#]*@/i.test(text)) return denied('EGRESS_DENIED_USERINFO', 'credentials in the URL');
    const rules = this.rulesFor(url.protocol, url.hostname, url.port);
    const { hostname, port, isListed, onlyListed } = rules;
    const address = parseAddress(hostname);
    if (address !== undefined) {
      const refusal = this.admit(address.toString(), rules);
      if (refusal !== undefined) return refusal;
    } else if (!isListed) {
      if (hostname.endsWith('.') || /(^|\.)localhost$/.test(hostname)) {
        return denied('EGRESS_DENIED_HOST', `host ${hostname}`);
      }
      if (onlyListed !== undefined && !this.#allow.hasNetworks) {
        return denied(onlyListed, `${url.protocol}//${hostname}:${port} is not listed`);
      }
    }
    return { kind: 'destination', origin: url.origin, path: url.pathname + url.search };
  }

  rulesFor(protocol: string, hostname: string, portText: string): OriginRules {
    const port = portText === '' ? (protocol === 'https:' ? 443 : 80) : Number(portText);
    let onlyListed: NotSentCode | undefined;
    if (protocol !== 'https:' && this.#http !== 'always') onlyListed = 'EGRESS_DENIED_SCHEME';
    else if (!this.#ports.has(port)) onlyListed = 'EGRESS_DENIED_PORT';
    return { hostname, port, isListed: this.#allow.hasHost(hostname, port), onlyListed };
  }

  /** The refusal of an address, or undefined if connections to it are allowed. */
  admit(text: string, { hostname, port, isListed, onlyListed }: OriginRules): NotSent | undefined {
    const address = parseAddress(text);
    if (address === undefined)
      return denied('EGRESS_DENIED_ADDRESS', `${hostname} gave ${text}, no IP address`);
    if (this.#allow.hasAddress(address, port)) return undefined;
    if (isListed && isReachableByName(address)) return undefined;
    const where = `${hostname}:${port} at ${describeAddress(address)}`;
    if (!isPublic(address)) return denied('EGRESS_DENIED_ADDRESS', where);
    return onlyListed === undefined || isListed ? undefined : denied(onlyListed, `${where} is not listed`);
  }
}
