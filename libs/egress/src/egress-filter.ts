import { parseUrl } from '@action-mesh/kernel';

import { describeAddress, isPublic, isReachableByName, parseAddress } from './address.js';
import { AllowList } from './allow-list.js';
import { denied } from './attempt.js';
import type { NotSent, NotSentCode } from './attempt.js';
import type { EgressPolicy } from './policy.js';

const MAX_URL_LENGTH = 8192;
/** The URL parser would drop or rewrite these silently, so that what was checked by eye is not what is requested. */
const UNSAFE_IN_URL = /[\u0000-\u0020\u007f\\]/;

/** Where a request goes once its URL has passed. The address behind a name has yet to pass `EgressFilter.admit`. */
export interface Destination {
  readonly kind: 'destination';
  /** Scheme, host and port, as undici keys its pools. */
  readonly origin: string;
  readonly path: string;
}

/** What the connector has to ask about each address of one origin. */
export interface OriginRules {
  readonly hostname: string;
  readonly port: number;
  /** The name itself is listed. */
  readonly isListed: boolean;
  /** Set when only listed addresses will do, and the refusal to give otherwise. */
  readonly onlyListed: NotSentCode | undefined;
}

/**
 * Decides where requests may go.
 *
 * EF1 What is not known to be public must have been listed by the operator.
 * EF2 A name is judged by every address it resolves to; one bad address condemns it.
 * EF3 The address that was judged is the one that is connected to.
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

  /** Judges a URL as far as that is possible without resolving its name. */
  check(text: string): Destination | NotSent {
    if (text.length > MAX_URL_LENGTH || UNSAFE_IN_URL.test(text)) {
      return denied('EGRESS_DENIED_URL', 'the URL is too long or has spaces, controls or backslashes in it');
    }
    const url = parseUrl(text);
    if (url === undefined) return denied('EGRESS_DENIED_URL', 'the URL cannot be parsed');
    if (url.protocol !== 'https:' && (url.protocol !== 'http:' || this.#http === 'never')) {
      return denied('EGRESS_DENIED_SCHEME', `scheme ${url.protocol}`);
    }
    // An empty user name disappears in the parsed URL.
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

  /** The refusal for an address, or undefined when it may be connected to. */
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
