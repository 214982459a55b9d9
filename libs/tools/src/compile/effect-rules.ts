import type { Tool } from '@action-mesh/contracts/catalog';

import type { EffectFields, HttpFields } from '../definition/definition-schema.js';
import type { Problem } from '../problem.js';
import { hasBody } from '../request/binding.js';
import { headerNameProblem } from './header-rules.js';

type Method = HttpFields['method'];
/** The parts of a request that an effect can contradict. */
type Request = Pick<HttpFields, 'method' | 'body'>;
type KeyPlace = Pick<Extract<EffectFields, { class: 'keyed' }>, 'in' | 'name'>;
type Reference = Extract<EffectFields, { class: 'probeable' }>['reference'];

/**
 * Finds contradictions between an effect class and its request, or within the class. The rules are the same for an
 * author, a document and a review, because a wrong class would repeat unsafe requests. `slug` is the tool's own name.
 * Pointers begin with `/effect`.
 */
export function effectProblems(
  effect: EffectFields | Tool['effect'],
  request: Request | undefined,
  slug: string | undefined,
): Problem[] {
  switch (effect.class) {
    case 'read':
      return problemAt('/effect/class', readContradiction(request?.method));
    case 'keyed':
      return keyProblems(effect, request);
    case 'probeable':
      return [
        ...problemAt(
          '/effect/probe',
          effect.probe === slug ? 'must name another tool: one that only reads' : undefined,
        ),
        ...referenceProblems(effect.reference, request),
      ];
    case 'idempotent':
    case 'opaque':
      return [];
  }
}

/**
 * The missing reason for an effect class. An author must explain why a repeated request with this method has no
 * further effect, because the method does not promise it.
 */
export function reasonProblems(effect: EffectFields, method: Method | undefined): Problem[] {
  const needsReason = effect.class === 'idempotent' && (method === 'POST' || method === 'PATCH');
  return needsReason && effect.because === undefined
    ? problemAt('/effect/because', `must explain why a repeated ${method} has no further effect`)
    : [];
}

/** GET reads by definition. A POST may read too, because many providers use it for searches. */
function readContradiction(method: Method | undefined): string | undefined {
  return method === 'PUT' || method === 'PATCH' || method === 'DELETE'
    ? `must not be "read" with ${method}, which changes something`
    : undefined;
}

function keyProblems({ in: place, name }: KeyPlace, request: Request | undefined): Problem[] {
  if (place === 'header') return problemAt('/effect/name', headerNameProblem(name));
  if (place === 'query' || request === undefined) return [];
  if (!hasBody(request))
    return problemAt('/effect/in', `must not be "body" with ${request.method}, which has none`);
  const encoding = request.body?.encoding;
  if (encoding === 'multipart' || encoding === 'bytes')
    return problemAt('/effect/in', 'must not be "body" if the body contains files');
  return problemAt(
    '/effect/in',
    request.body?.argument === undefined ? undefined : 'must not be "body" if one argument is the whole body',
  );
}

function referenceProblems({ in: place, name }: Reference, request: Request | undefined): Problem[] {
  if (place === 'header') return problemAt('/effect/reference/name', headerNameProblem(name));
  if (place === 'query' || request === undefined) return [];
  return problemAt('/effect/reference/in', bodyContradiction(request));
}

/** The reference becomes one more member of the body, so the body must be a JSON object. */
function bodyContradiction(request: Request): string | undefined {
  const { method, body } = request;
  if (!hasBody(request)) return `must not be "body" with ${method}, which has none`;
  if (body?.encoding !== undefined && body.encoding !== 'json')
    return 'must not be "body" if the body is not JSON';
  return body?.argument === undefined ? undefined : 'must not be "body" if one argument is the whole body';
}

function problemAt(pointer: string, message: string | undefined): Problem[] {
  return message === undefined ? [] : [{ pointer, message }];
}
