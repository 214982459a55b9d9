import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { errorMessage } from '@action-mesh/kernel';

/** How long Node may take to check one file, milliseconds. */
const checkMs = 10_000;

/** The reason why a module cannot be read, with line and column if they are known. */
export function loadProblem(error: unknown, path: string | undefined): string {
  const message = errorMessage(error);
  const compiler =
    /^Transform failed with .*\n(?<file>.+):(?<line>\d+):(?<column>\d+): ERROR: (?<what>.*)/.exec(
      message,
    )?.groups;
  if (compiler !== undefined) {
    const { file = '', line = '', column = '', what = '' } = compiler;
    // The compiler counts columns from 0, people and editors from 1.
    const place = `line ${line}, column ${Number(column) + 1}`;
    return `syntax error at ${place}${file === path ? '' : ` of ${file}`}: ${what}`;
  }
  if (path === undefined) return message;
  const place = error instanceof SyntaxError ? syntaxPlace(path) : stackPlace(error, path);
  if (place === undefined) return message;
  return error instanceof SyntaxError ? `syntax error at ${place}: ${message}` : `${message} (at ${place})`;
}

/** Node reports the place of a syntax error only on its error output. */
function syntaxPlace(path: string): string | undefined {
  const { stderr } = spawnSync(process.execPath, ['--check', '--input-type=module', '-'], {
    input: readFileSync(path),
    encoding: 'utf8',
    timeout: checkMs,
  });
  const [first = '', , carets = ''] = stderr.split('\n');
  const line = /:(\d+)$/.exec(first)?.[1];
  const column = carets.indexOf('^') + 1;
  return line === undefined || column === 0 ? undefined : `line ${line}, column ${column}`;
}

function stackPlace(error: unknown, path: string): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  for (const name of [pathToFileURL(path).href, path]) {
    const start = stack.indexOf(name);
    const [, line, column] =
      start < 0 ? [] : (/^(?:\?[^:]*)?:(\d+):(\d+)/.exec(stack.slice(start + name.length)) ?? []);
    if (line !== undefined && column !== undefined) return `line ${line}, column ${column}`;
  }
  return undefined;
}
