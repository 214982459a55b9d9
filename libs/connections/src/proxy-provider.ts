import type { Integration } from '@action-mesh/contracts/auth-broker';

/**
 * The slug of the provider of proxied requests. Limits, breakers and kill switches name the provider by it, so the door and
 * the executor must agree on it. `name` is the name of the integration, for one that the tenant has not set up yet.
 */
export function proxyProvider(
  integration: Pick<Integration, 'serves' | 'provider'> | undefined,
  name: string,
): string {
  return integration?.serves[0] ?? (integration?.provider ?? name).replaceAll('-', '_');
}
