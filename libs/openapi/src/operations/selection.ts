// @ts-expect-error: the package has no types
import untypedPicomatch from 'picomatch';

import { OpenApiError } from '../openapi.errors.js';
import type { Operation } from './operation.js';

type Picomatch = (
  glob: string,
  options: Readonly<Record<'nobrace' | 'noextglob' | 'nonegate' | 'dot', boolean>>,
) => (text: string) => boolean;

const picomatch = untypedPicomatch as Picomatch;

const longestGlob = 200;
const mostGlobs = 100;

/**
 * A test for operations that match `tag:issues`, `path:/repos/**`, `op:issues/*`, or a plain glob of operation ids.
 * One match is enough, and without globs every operation matches. Throws `OpenApiError`.
 */
export function selection(globs: readonly string[]): (operation: Operation) => boolean {
  if (globs.length === 0) return () => true;
  if (globs.length > mostGlobs) throw refused(`at most ${mostGlobs} selections can be made`);
  const matchers = globs.map(matcher);
  return (operation) => matchers.some((matches) => matches(operation));
}

function matcher(selector: string): (operation: Operation) => boolean {
  const [, kind = 'op', glob = ''] = /^(?:(tag|path|op):)?(.*)$/s.exec(selector) ?? [];
  if (glob === '' || glob.length > longestGlob) {
    throw refused(
      `"${selector.slice(0, 50)}" must be a glob of 1 to ${longestGlob} characters, after "tag:", "path:" or "op:" if any`,
    );
  }
  // Braces in a path are placeholders and no alternatives. Extended globs can take exponential time.
  const matches = picomatch(glob, { nobrace: true, noextglob: true, nonegate: true, dot: true });
  switch (kind) {
    case 'tag':
      return ({ tags }) => tags.some((tag) => matches(tag));
    case 'path':
      return ({ path }) => matches(path);
    default:
      return ({ id }) => id !== undefined && matches(id);
  }
}

function refused(message: string): OpenApiError {
  return new OpenApiError('OPENAPI_OPTION', `selection: ${message}`);
}
