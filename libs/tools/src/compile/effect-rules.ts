import type { Tool } from '@action-mesh/contracts/catalog';

import type { EffectFields, HttpFields } from '../definition/definition-schema.js';
import type { Problem } from '../problem.js';
import { hasBody } from '../request/binding.js';
import { headerNameProblem } from './header-rules.js';

type Method = HttpFields['method'];
/** What of a request an effect can contradict. */
type Request = Pick<HttpFields, 'method' | 'body'>;
type KeyPlace = Pick<Extract<EffectFields, { class: 'keyed' }>, 'in' | 'name'>;
type Reference = Extract<EffectFields, { class: 'probeable' }>['reference'];

/**
 * What contradicts the request or itself in an effect class, whoever gave it: an author, a document or a review. A wrong
 * class repeats what must not be repeated. `slug` is the tool's own name. Pointers begin with `/effect`.
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

/** What an author has to add to the class: why a method that does not promise it is as good twice as once. */
export function reasonProblems(effect: EffectFields, method: Method | undefined): Problem[] {
  const needsReason = effect.class === 'idempotent' && (method === 'POST' || method === 'PATCH');
  return needsReason && effect.because === undefined
    ? problemAt('/effect/because', `must say why a repeated ${method} is as good as one`)
    : [];
}

/** GET reads by definition, and POST is how many providers spell a search. */
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
    return problemAt('/effect/in', 'must not be "body" where the body holds files');
  return problemAt(
    '/effect/in',
    request.body?.argument === undefined
      ? undefined
      : 'must not be "body" where one argument is the whole body',
  );
}

function referenceProblems({ in: place, name }: Reference, request: Request | undefined): Problem[] {
  if (place === 'header') return problemAt('/effect/reference/name', headerNameProblem(name));
  if (place === 'query' || request === undefined) return [];
  return problemAt('/effect/reference/in', bodyContradiction(request));
}

/** The reference becomes one more member of the body, which has to be a JSON object for that. */
function bodyContradiction(request: Request): string | undefined {
  const { method, body } = request;
  if (!hasBody(request)) return `must not be "body" with ${method}, which has none`;
  if (body?.encoding !== undefined && body.encoding !== 'json')
    return 'must not be "body" where the body is no JSON';
  return body?.argument === undefined ? undefined : 'must not be "body" where one argument is the whole body';
}

function problemAt(pointer: string, message: string | undefined): Problem[] {
  return message === undefined ? [] : [{ pointer, message }];
}
