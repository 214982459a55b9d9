/** `npm run generate [-- --check]`: writes the generated files, or names those that differ from the code. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';

import { generatedFiles } from './generated-files.js';

const check = process.argv.includes('--check');

for (const { path, content, recordedOnce } of generatedFiles()) {
  const present = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  if (present === content) continue;
  const name = relative(process.cwd(), path);
  if (recordedOnce && present !== undefined) {
    process.stderr.write(
      `${name}: a published schema has changed; restore it and add a new version beside it\n`,
    );
    process.exitCode = 1;
  } else if (check) {
    process.stderr.write(
      `${name}: ${present === undefined ? 'missing' : 'stale'}; run \`npm run generate\`\n`,
    );
    process.exitCode = 1;
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    process.stdout.write(`${name}\n`);
  }
}
