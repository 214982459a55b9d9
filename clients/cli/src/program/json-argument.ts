import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { errorMessage, parseIJson, type JsonObject } from '@action-mesh/kernel';

import { CliFailure, CliUsageError } from '../cli.errors.js';
import type { CliWorld } from '../world.js';

/** The most bytes of a document: the gateway takes no larger body. */
const largestDocument = 4_194_304;

/**
 * The JSON object in an option: the text itself, `@file`, or `@-` for standard input. `option` names it in errors, which
 * show no part of the text.
 */
export async function jsonArgument(
  text: string,
  option: string,
  world: Pick<CliWorld, 'folder' | 'stdin'>,
): Promise<JsonObject> {
  const source = text.startsWith('@') ? await sourceText(text.slice(1), option, world) : text;
  let value;
  try {
    value = parseIJson(source);
  } catch (error) {
    throw new CliUsageError(`${option} is not JSON that every system reads alike: ${errorMessage(error)}.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CliUsageError(`${option} must be a JSON object: {"name": "value"}.`);
  }
  return value;
}

async function sourceText(
  name: string,
  option: string,
  { folder, stdin }: Pick<CliWorld, 'folder' | 'stdin'>,
): Promise<string> {
  if (name === '-') return readInput(stdin, largestDocument);
  try {
    const bytes = await readFile(resolve(folder, name));
    if (bytes.length > largestDocument) throw new CliUsageError(`The file of ${option} is larger than 4 MB.`);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof CliUsageError) throw error;
    const reason = (error as NodeJS.ErrnoException).code ?? 'it is not UTF-8';
    throw new CliFailure(`The file of ${option} cannot be read: ${reason}.`, { cause: error });
  }
}

/** The whole of standard input. Throws `CliUsageError` beyond `most` bytes. */
export async function readInput(stdin: CliWorld['stdin'], most: number): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of stdin) {
    const bytes = Buffer.from(part as Uint8Array | string);
    length += bytes.length;
    if (length > most) throw new CliUsageError(`Standard input is longer than ${most} bytes.`);
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString('utf8');
}
