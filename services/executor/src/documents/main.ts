/** `npm run generate [-- --check]`: writes docs/call-states.md, or says that it is not what would be written. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { callStateTable } from '../domain/call-table.js';

const path = join(import.meta.dirname, '../../../../docs/call-states.md');

const content = `# The states of a call

Generated from the transition function (\`services/executor/src/domain/call.ts\`); do not edit. A row is the state that a call is
in, a column the command that it is given, a cell the state that follows. An empty cell is refused.

A call begins with \`receive\`, which makes it RECEIVED. From INDETERMINATE and NEEDS_REVIEW, \`succeed\` and \`fail\` count only as
evidence about the newest attempt. \`takeOver\` keeps the state and raises the fence, so that every later write of the former
owner is refused.

${callStateTable()}`;

if ((existsSync(path) ? readFileSync(path, 'utf8') : undefined) !== content) {
  if (process.argv.includes('--check')) {
    process.stderr.write('docs/call-states.md: stale; run `npm run generate`\n');
    process.exitCode = 1;
  } else {
    writeFileSync(path, content);
    process.stdout.write('docs/call-states.md\n');
  }
}
