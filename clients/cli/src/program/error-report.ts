import { errorMessage, MeshError } from '@action-mesh/kernel';
import { MeshError as MeshClientError } from '@action-mesh/sdk';
import { CommanderError } from 'commander';

import { ImportUsageError } from '../tools-import/import.errors.js';
import { printable, printableJson } from '../tools-import/shown-text.js';
import type { CliWorld } from '../world.js';

interface ErrorFacts {
  readonly code: string;
  readonly message: string;
  readonly fixes: readonly string[];
  readonly status?: number | undefined;
  readonly call_id?: string | undefined;
  readonly trace_id?: string | undefined;
}

/** An error as one line of JSON for programs. Each error has a code. */
export function errorJson(error: unknown, more: object = {}): string {
  return printableJson({ error: { ...factsOf(error), ...more } });
}

/** Reports the error that ended a command: JSON for programs, or lines for people. */
export function reportError(error: unknown, isJson: boolean, { stderr }: CliWorld): void {
  if (isJson) {
    stderr.write(`${errorJson(error)}\n`);
    return;
  }
  // Commander has written its own text for people.
  if (error instanceof CommanderError) return;
  const { code, message, fixes, call_id: callId, trace_id: traceId } = factsOf(error);
  const lines = [
    `mesh: ${message}${error instanceof MeshClientError ? ` (${code})` : ''}`,
    ...fixes.map((fix) => `  fix: ${fix}`),
    ...(callId === undefined ? [] : [`  call: ${callId}`]),
    ...(traceId === undefined ? [] : [`  trace: ${traceId}`]),
  ];
  stderr.write(
    `${lines
      .flatMap((line) => line.split('\n'))
      .map(printable)
      .join('\n')}\n`,
  );
}

/** An error of commander without the values in it: a value may be a secret. */
export function withoutValues(text: string): string {
  return text.replace(/'(--?[\w-]+)=[^'\n]*'/g, "'$1'");
}

function factsOf(error: unknown): ErrorFacts {
  if (error instanceof MeshClientError) {
    const { code, message, fixes, status, callId, traceId } = error;
    return { code, message, fixes, status, call_id: callId, trace_id: traceId };
  }
  if (error instanceof CommanderError) {
    const fixes = ['--help explains the command'];
    if (error.code === 'commander.help')
      return { code: 'CLI_USAGE', message: 'A command is missing.', fixes };
    return { code: 'CLI_USAGE', message: withoutValues(error.message).replace(/^error: /, ''), fixes };
  }
  const code = error instanceof MeshError ? error.code : 'CLI_UNEXPECTED';
  const fixes = error instanceof ImportUsageError ? ['--help explains all options'] : [];
  return { code, message: errorMessage(error), fixes };
}
