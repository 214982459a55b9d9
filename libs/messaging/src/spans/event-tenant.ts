/** The tenant of an event. Events of a tenant name it in the member `tenant_id`. */
export function eventTenant(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !('tenant_id' in data)) return undefined;
  return typeof data.tenant_id === 'string' ? data.tenant_id : undefined;
}
