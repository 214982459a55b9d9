import { topics, type Topic } from '@action-mesh/contracts';

import { CheckoutFiles } from './checkout-files.js';
import { readName, readSentence, UsageError } from './names.js';
import { contract, recordedRecord, type NewEvent } from './event-sources.js';

const contracts = 'libs/contracts/src';
const list = `${contracts}/events/index.ts`;

/**
 * Writes version 1 of an event with its recorded record, and adds it to the list of events. Returns the paths of all
 * files. `topic` is a key of the topic manifest. A service without contracts gets its folder and its entry point.
 */
export function newEvent(
  root: string,
  owner: string,
  kebab: string,
  topic: string,
  description: string,
): string[] {
  const files = new CheckoutFiles(root);
  const event = readEvent(files, owner, kebab, topic, description);
  files.add(`${contracts}/${owner}/${kebab}.v1.ts`, contract(event));
  files.add(`libs/contracts/fixtures/${event.type}.v1.json`, recordedRecord(event));
  if (!files.has(`${contracts}/${owner}/index.ts`)) addOwner(files, owner);
  exportEvent(files, event);
  listEvent(files, event);
  return files.write();
}

function readEvent(
  files: CheckoutFiles,
  owner: string,
  kebab: string,
  topic: string,
  description: string,
): NewEvent {
  const name = readName(kebab);
  if (!files.has(`services/${owner}/package.json`))
    throw new UsageError(`there is no service "${owner}"; an event belongs to the service that publishes it`);
  const words = kebab.split('-');
  const participle = words.pop() ?? '';
  if (words.length === 0)
    throw new UsageError(`"${kebab}" is only one word: name the thing and the change, as in tool-retired`);
  const manifest: Readonly<Record<string, Topic>> = topics;
  const found = manifest[topic];
  if (found === undefined)
    throw new UsageError(
      `"${topic}" is no key of the topic manifest; there are ${Object.keys(manifest).join(', ')}. A new topic goes into ${contracts}/topics.ts first`,
    );
  if (!found.writers.some((writer) => writer === owner))
    throw new UsageError(
      `${found.name} is written by ${found.writers.join(', ')}; add ${owner} to its writers in ${contracts}/topics.ts first`,
    );
  return {
    owner,
    name,
    topic,
    description: readSentence(description),
    type: `mesh.${words.join('_')}.${participle}`,
    subject: words.join('_'),
    participle,
    data: `${readName(participle).pascal}${readName(words.join('-')).pascal}`,
  };
}

/** Adds the entry point of a service that publishes its first event. */
function addOwner(files: CheckoutFiles, owner: string): void {
  files.add(`${contracts}/${owner}/index.ts`, '// Events\n');
  files.edit(
    'libs/contracts/package.json',
    /^ {4}"\.\/events": \{/m,
    (next) => `    "./${owner}": {
      "@action-mesh/source": "./src/${owner}/index.ts",
      "types": "./dist/${owner}/index.d.ts",
      "default": "./dist/${owner}/index.js"
    },
${next}`,
  );
  files.edit(list, /readonly owner: [^;]+/, (owners) => `${owners} | '${owner}'`);
}

function exportEvent(files: CheckoutFiles, { owner, name, data }: NewEvent): void {
  const lines = `export { ${name.pascal} } from './${name.kebab}.v1.js';
export type { ${data} } from './${name.kebab}.v1.js';
`;
  files.edit(
    `${contracts}/${owner}/index.ts`,
    /^[^]*\.v\d+\.js';\n|^\/\/ Events\n/,
    (before) => `${before}${lines}`,
  );
}

function listEvent(files: CheckoutFiles, { owner, name }: NewEvent): void {
  const source = `'../${owner}/index.js'`;
  const known = new RegExp(`import \\{[^}]+(?=\\} from '\\.\\./${owner}/index\\.js')`);
  if (known.test(files.read(list)))
    files.edit(list, known, (names) => `${names.replace(/,?\s*$/, '')}, ${name.pascal} `);
  else files.edit(list, /\n\n\/\*\*/, (gap) => `\nimport { ${name.pascal} } from ${source};${gap}`);
  files.edit(list, /^\];$/m, (end) => `  ...published('${owner}', [${name.pascal}]),\n${end}`);
}
