import { connectCookieNames, type ConnectPageRequest } from '@action-mesh/contracts/auth-broker';

const names: ReadonlySet<string> = new Set(connectCookieNames);
/** The most cookies of ours that a browser can have. More would be planted. */
const mostCookies = 4;
const longestValue = 200;

/** Our cookies in a `Cookie` header (RFC 6265, section 4.2). Those of other programs stay here. */
export function connectCookies(header: string | undefined): ConnectPageRequest['cookies'] {
  return (header ?? '')
    .split(';')
    .map((pair) => {
      const at = pair.indexOf('=');
      return { name: pair.slice(0, Math.max(at, 0)).trim(), value: pair.slice(at + 1).trim() };
    })
    .filter(({ name, value }) => names.has(name) && value.length <= longestValue)
    .slice(0, mostCookies);
}
