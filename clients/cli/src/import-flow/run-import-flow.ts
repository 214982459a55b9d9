import type { Tool } from '@action-mesh/contracts/catalog';
import { importFlow, type FlowImport } from '@action-mesh/flow-import';

import { CliFailure } from '../cli.errors.js';

/** The arguments of `mesh import-flow`. */
export interface ImportFlowOptions {
  /** The export: a path. */
  readonly file: string;
  /** The folder for the draft. */
  readonly out: string;
  /** Prints the report as JSON. */
  readonly json: boolean;
}

/** Everything that the command touches. */
export interface ImportFlowIo {
  readonly readText: (path: string) => Promise<string>;
  /** Writes a file of the draft. Rejects when it exists already: a draft that people changed is not overwritten. */
  readonly writeNew: (folder: string, path: string, text: string) => Promise<void>;
  readonly catalogue: () => Promise<readonly Tool[]>;
  readonly print: (text: string) => void;
  readonly say: (text: string) => void;
}

/** Imports an export as a draft. Throws `FlowImportError` for a file that is no export, and `CliFailure`. */
export async function runImportFlow({ file, out, json }: ImportFlowOptions, io: ImportFlowIo): Promise<void> {
  const name = file.split(/[/\\]/).at(-1) ?? file;
  const text = await reached(io.readText(file));
  const imported = importFlow({ text, name, catalogue: await io.catalogue() });
  const { report, files } = imported;
  for (const draft of files) await reached(io.writeNew(out, draft.path, draft.text));
  if (json) {
    io.print(`${JSON.stringify(report, undefined, 2)}\n`);
    return;
  }
  io.print(summary(imported));
  if (report.secrets.length > 0) {
    io.say(
      `the file contains ${report.secrets.length} secrets, which were left out: replace them at their providers`,
    );
  }
  io.say(`${files.length} files in ${out}; read report.md first`);
}

/** An error of the file system, such as a missing file or one that exists already, is no defect. */
async function reached<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new CliFailure(error.message, { cause: error });
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return typeof error === 'object' && error !== null && 'code' in error && 'syscall' in error;
}

function summary({ report }: FlowImport): string {
  const { translated, check, manual, dropped } = report.counts;
  const lines = [
    `${report.source}: ${translated} translated, ${check} to check, ${manual} manual, ${dropped} dropped`,
    report.isComplete ? 'the draft compiles' : 'the draft compiles once its manual steps are written',
  ];
  return lines.map((line) => `${line}\n`).join('');
}
