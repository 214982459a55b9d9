import type { ImportSource } from '@action-mesh/contracts/catalog';
import { createHash } from 'node:crypto';

import { defined } from '@action-mesh/kernel';
import { importDocument, OpenApiError, type ImportOptions, type ImportResult } from '@action-mesh/openapi';

import { errorJson } from '../program/error-report.js';
import type { CatalogAnswer } from './catalog-answer.js';
import type { FoundDocument } from './document-source.js';
import { ImportRefusedError, NoToolsError } from './import.errors.js';
import { frequentTags } from './frequent-tags.js';
import type { ImportCommand } from './options.js';
import { credentialLines, errorLines, reachLines, reportText } from './report-text.js';
import { isUrl, printable, printableJson, withoutCredentials } from './shown-text.js';
import { toolkitText } from './toolkit-text.js';

/** Progress lines for a document that takes many seconds: one per this many operations. */
const operationsPerLine = 250;

/** The side effects that the command needs. */
export interface ImportWorld {
  readonly readFile: (path: string) => Promise<FoundDocument>;
  readonly fetch: (url: string) => Promise<FoundDocument>;
  /** Sends the tools to the catalog. Absent in a dry run. */
  readonly store?: (result: ImportResult, source: ImportSource) => Promise<CatalogAnswer>;
  /** Prints a progress line for people. */
  readonly say: (line: string) => void;
  /** Prints the result of the command. */
  readonly print: (text: string) => Promise<void>;
}

/** Runs the command once. Resolves with its exit code: 0, 1 when it failed, 2 when an option was refused. */
export async function runImport(command: ImportCommand, world: ImportWorld): Promise<0 | 1 | 2> {
  const { print, store } = world;
  const say = (line: string): void => world.say(printable(line));
  // A program reads standard error for the one line of an error.
  const progress = command.json ? () => undefined : say;
  try {
    const { result, source, tags } = await importFrom(command, { ...world, say: progress });
    const isStored = store !== undefined && result.tools.length > 0;
    if (isStored) progress('sending the tools to the catalog');
    const toolkit = isStored ? await store(result, source) : undefined;
    if (isStored) progress('the catalog has taken the tools');
    if (command.json)
      await print(printableJson(store === undefined ? result : { report: result.report, toolkit }));
    else await print(textOf(result, toolkit, command.select));
    if (result.tools.length > 0) return 0;
    throw new NoToolsError(noToolsText(result, command, tags));
  } catch (error) {
    if (command.json)
      say(errorJson(error, error instanceof ImportRefusedError ? { problems: error.problems } : {}));
    else for (const line of errorLines(error)) say(line);
    if (error instanceof OpenApiError && error.code === 'OPENAPI_OPTION') return 2;
  }
  return 1;
}

function textOf(
  { report, tools }: ImportResult,
  toolkit: CatalogAnswer | undefined,
  select: readonly string[],
): string {
  return [
    reportText(report),
    ...reachLines(report.baseUrl),
    ...(toolkit === undefined ? [] : ['', toolkitText(toolkit, report, select)]),
    ...credentialLines(tools, report),
  ].join('\n');
}

function noToolsText(
  { report }: ImportResult,
  { select }: ImportCommand,
  tags: () => readonly string[],
): string {
  if (report.totals.selected > 0 || select.length === 0) return 'no operation became a tool';
  const found = select.some((selector) => selector.startsWith('tag:')) ? tags() : [];
  return `no operation matches the selection (--select)${found.length === 0 ? '' : `; the most frequent tags are ${found.join(', ')}`}`;
}

async function importFrom(
  command: ImportCommand,
  { readFile, fetch, say }: ImportWorld,
): Promise<{
  readonly result: ImportResult;
  readonly source: ImportSource;
  readonly tags: () => readonly string[];
}> {
  const { source, select, toolkit, baseUrl } = command;
  say(`reading ${withoutCredentials(source)}`);
  const { text, url } = isUrl(source) ? await fetch(source) : await readFile(source);
  say(`importing ${sizeText(text.length)}`);
  const options: ImportOptions = {
    ...defined({ toolkit, baseUrl, documentUrl: url }),
  };
  const result = importDocument(text, {
    ...options,
    select,
    onProgress: (done, all) => {
      if (done % operationsPerLine === 0 && done < all) say(`  ${done} of ${all} operations`);
    },
  });
  const digest = createHash('sha256').update(text).digest('hex');
  return {
    result,
    source: { document: withoutCredentials(source), title: result.report.title, digest, select },
    tags: () => frequentTags(text, options),
  };
}

function sizeText(characters: number): string {
  const kilobytes = characters / 1024;
  return kilobytes < 1024 ? `${Math.ceil(kilobytes)} kB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}
