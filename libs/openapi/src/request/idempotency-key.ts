import type { OpenApiDocument } from '../document/openapi-document.js';
import { member, stringAt } from '../json-object.js';

/** The place where the provider wants an idempotency key. */
export interface KeyLocation {
  readonly in: 'header' | 'query' | 'body';
  readonly name: string;
}

/** Names that mean an idempotency key by themselves. */
const named = /^(x[-_])?idempoten(cy|t)[-_]?(key|token|id)?$|^paypal-request-id$/i;
/** Names that mean one if their description says so. */
const described =
  /^(x[-_])?(client[-_]?|unique[-_]?)?(request|dedup(e|lication)?)[-_]?(id|token|key)$|^client[-_]?token$/i;
const saysSo =
  /idempoten|dedup|(?:duplicate|same|repeated) (?:request|call|operation)s?|retr(?:y|ies|ied) safely|safely retr/i;
/** The length of a UUID, which the mesh fills in. */
const keyLength = 36;

/**
 * Whether a parameter or a member of a body is an idempotency key that the mesh can fill in. The name decides
 * (`Idempotency-Key`, `idempotency_key`), or the description if the name is ambiguous (`request_id`).
 */
export function isIdempotencyKey(
  document: OpenApiDocument,
  name: string,
  schema: unknown,
  description: string | undefined,
): boolean {
  if (name.length > 100) return false;
  const followed = document.follow(schema, '');
  const value = followed.ok ? followed.value : undefined;
  const said = `${description ?? ''} ${stringAt(value, 'description') ?? ''}`.slice(0, 2_000);
  return (named.test(name) || (described.test(name) && saysSo.test(said))) && takesKey(value);
}

/** Whether the schema accepts a UUID. A pattern or listed values may refuse it. */
function takesKey(schema: unknown): boolean {
  const type = member(schema, 'type');
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  const format = stringAt(schema, 'format');
  const longest = member(schema, 'maxLength');
  return (
    (type === undefined || types.includes('string')) &&
    (format === undefined || format === 'uuid' || format === 'string') &&
    (typeof longest !== 'number' || longest >= keyLength) &&
    ['pattern', 'enum', 'const', 'allOf', 'oneOf', 'anyOf'].every(
      (keyword) => member(schema, keyword) === undefined,
    )
  );
}
