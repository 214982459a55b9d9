import type { EffectFields, HttpFields } from '../definition/definition-schema.js';
import { headerNameProblem } from './header-rules.js';
import type { ProblemList } from './problem-list.js';

/**
 * Refuses an effect class that contradicts what the method promises: a wrong class repeats what must not be
 * repeated.
 */
export function checkEffect(
  effect: EffectFields,
  method: HttpFields['method'] | undefined,
  slug: string | undefined,
  problems: ProblemList,
): void {
  switch (effect.class) {
    case 'read': {
      const contradiction = effectContradiction(effect.class, method);
      if (contradiction !== undefined) problems.add('/effect/class', contradiction);
      return;
    }
    case 'idempotent':
      if ((method === 'POST' || method === 'PATCH') && effect.because === undefined) {
        problems.add('/effect/because', `must say why a repeated ${method} is as good as one`);
      }
      return;
    case 'keyed': {
      const problem = headerNameProblem(effect.header);
      if (problem !== undefined) problems.add('/effect/header', problem);
      return;
    }
    case 'probeable':
      if (effect.probe === slug) problems.add('/effect/probe', 'must name another tool: one that only reads');
      checkReference(effect.reference, method, problems);
      return;
    case 'opaque':
  }
}

/**
 * Why no author and no override can call the effect of this method so, or `undefined` when they can. GET reads by
 * definition; POST is how many providers spell a search.
 */
export function effectContradiction(
  effect: EffectFields['class'],
  method: HttpFields['method'] | undefined,
): string | undefined {
  const changes = method === 'PUT' || method === 'PATCH' || method === 'DELETE';
  return effect === 'read' && changes
    ? `must not be "read" with ${method}, which changes something`
    : undefined;
}

function checkReference(
  { in: place, name }: Extract<EffectFields, { class: 'probeable' }>['reference'],
  method: HttpFields['method'] | undefined,
  problems: ProblemList,
): void {
  const headerProblem = place === 'header' ? headerNameProblem(name) : undefined;
  if (headerProblem !== undefined) problems.add('/effect/reference/name', headerProblem);
  if (place === 'body' && (method === 'GET' || method === 'DELETE')) {
    problems.add('/effect/reference/in', `must not be "body" with ${method}, which has none`);
  }
}
