import { readCallerHeaders } from '@action-mesh/contracts';
import type { KeyScope } from '@action-mesh/contracts/auth-broker';
import { isId, schemaProblems } from '@action-mesh/kernel';
import { BadRequestException, ConflictException, NotFoundException } from '@nestjs/common';
import type { z } from 'zod';

import type { InterventionResult } from '../../application/administration/intervene.js';

/** Reads a body or a query. An error names the place of each fault, never its value. */
export function read<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const result = schema.safeParse(given ?? {});
  if (result.success) return result.data;
  throw new BadRequestException({
    code: 'invalid_request',
    problems: schemaProblems(result.error.issues),
  });
}

/** The header with the tenant. The gateway sets it, since it knows the tenant from the API key. */
export const tenantHeader = 'x-mesh-tenant';

/** The caller's tenant. Without one, no call is found. */
export function tenantOf(header: string | undefined): string {
  if (header === undefined || header === '') throw new NotFoundException('no such call');
  return header;
}

/** Whether the caller has a scope, by the header that lists its scopes. */
export function hasScope(header: string | undefined, scope: KeyScope): boolean {
  return header?.split(' ').includes(scope) ?? false;
}

/** The headers of a request. */
export type ReceivedHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** The caller of an intervention: its tenant, and the holder of its key. Without both, no call is found. */
export function intervenerOf(headers: ReceivedHeaders): { readonly tenantId: string; readonly by: string } {
  const caller = readCallerHeaders(headers);
  if (caller === undefined) throw new NotFoundException('no such call');
  return { tenantId: caller.tenantId, by: caller.holder };
}

export function callIdOf(text: string): string {
  if (!isId(text)) throw new NotFoundException('no such call');
  return text;
}

/** Returns true when the intervention is done. Throws the HTTP answer for every other result. */
export function requireDone(intervention: InterventionResult): true {
  switch (intervention.kind) {
    case 'done':
      return true;
    case 'unknown':
      throw new NotFoundException('no such call');
    case 'refused':
      throw new ConflictException(intervention.refusal);
  }
}
