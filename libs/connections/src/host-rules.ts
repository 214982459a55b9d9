/** The host of a URL, with its port if that is not the port of the scheme. Undefined: it is no http or https URL. */
export function hostOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, host } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? host : undefined;
}

/** Whether a rule covers a host: the exact host, or `*.example.com` for each host below the domain. */
export function isCovered(host: string, rules: readonly string[]): boolean {
  return rules.some((rule) => (rule.startsWith('*.') ? host.endsWith(rule.slice(1)) : host === rule));
}
