import type { ProviderDefinition } from './provider.js';
import { tokenAnswerTraits } from './traits.js';
import { textAt } from './value-at.js';

/** The meaning of codes of RFC 6749 for every provider. */
const ordinary = {
  permanent: ['invalid_grant'],
  client: ['invalid_client', 'unauthorized_client'],
  transient: ['temporarily_unavailable', 'server_error'],
} as const;

/** The repair of a failed request: `permanent` by the user, `client` by the tenant, `transient` by a later request. */
export type TokenErrorKind = keyof typeof ordinary;

const kinds: readonly TokenErrorKind[] = ['permanent', 'client', 'transient'];

/** The meaning of an error code. Undefined: neither the standard nor the data of the provider knows it. */
export function tokenErrorKind({ auth }: ProviderDefinition, code: string): TokenErrorKind | undefined {
  const own = auth.kind === 'fields' ? undefined : auth.errors;
  // The provider's own meaning of a code comes before the standard's.
  return (
    kinds.find((kind) => own?.[kind]?.includes(code)) ??
    kinds.find((kind) => (ordinary[kind] as readonly string[]).includes(code))
  );
}

/**
 * The error in an answer of the token endpoint, with any status. A known code comes before an unknown one. Undefined:
 * the answer names no error. The code is a text of the provider: show it only after `tokenErrorKind` knows it.
 */
export function tokenErrorOf(
  provider: ProviderDefinition,
  request: 'exchange' | 'refresh',
  answer: unknown,
): { readonly code: string; readonly kind: TokenErrorKind | undefined } | undefined {
  const found = tokenAnswerTraits(provider, request).error.flatMap((pointer) => {
    const code = textAt(pointer, answer);
    return code === undefined ? [] : [{ code, kind: tokenErrorKind(provider, code) }];
  });
  return found.find(({ kind }) => kind !== undefined) ?? found[0];
}
