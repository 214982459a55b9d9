/** `npm run new -- service|event …`: writes the files of a new service or event, and prints the next steps. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { newEvent } from './event.js';
import { UsageError } from './names.js';
import { newService } from './service.js';

const help = `Usage: npm run new -- service <name> "<purpose>"
       npm run new -- event <owner> <name> <topic> "<description>"

  npm run new -- service reporter "Reports every decision."
  npm run new -- event gateway trigger-refused triggers "A webhook was refused."

Names are in kebab case. An event ends in a past participle. <topic> is a key of libs/contracts/src/topics.ts.
`;

const root = join(import.meta.dirname, '../..');

function make([kind, ...words]: readonly string[]): { readonly files: string[]; readonly next: string } {
  const [first = '', second = '', third = '', fourth = ''] = words;
  if (kind === 'service' && words.length === 2)
    return {
      files: newService(root, first, second),
      next: `Next: the domain in src/domain, ports in src/application, adapters in src/adapters, bound in src/${first}.module.ts.
A service that is part of every mesh also goes into docker-compose.yml, tools/mesh-processes and services/standalone.`,
    };
  if (kind === 'event' && words.length === 4)
    return {
      files: newEvent(root, first, second, third, fourth),
      next: `Next: the fields, in the schema and in the recorded record alike. Then delete the recorded schema, and \`npm run generate\`.
Once it is published, the version never changes.`,
    };
  throw new UsageError(help);
}

function run(command: string, args: readonly string[]): void {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed`);
}

function main(words: readonly string[]): number {
  try {
    const { files, next } = make(words);
    run(process.execPath, [
      'node_modules/prettier/bin/prettier.cjs',
      '--write',
      '--log-level=warn',
      ...files,
    ]);
    if (words[0] === 'service') run('npm', ['install']);
    else run('npm', ['run', '-s', 'generate']);
    process.stdout.write(`${[...files, '', next].join('\n')}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

process.exitCode = main(process.argv.slice(2));
