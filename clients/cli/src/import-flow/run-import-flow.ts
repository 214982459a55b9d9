import type { Tool } from '@action-mesh/contracts/catalog';
import { FlowImportError, importFlow, type FlowImport } from '@action-mesh/flow-import';

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

/** Imports an export as a draft. Resolves with the exit code: 0, or 1 when the draft was not written. */
export async function runImportFlow(
  { file, out, json }: ImportFlowOptions,
  io: ImportFlowIo,
): Promise<number> {
  let imported: FlowImport;
  try {
    const name = file.split(/[/\\]/).at(-1) ?? file;
    imported = importFlow({ text: await io.readText(file), name, catalogue: await io.catalogue() });
    for (const { path, text } of imported.files) await io.writeNew(out, path, text);
  } catch (error) {
    if (!(error instanceof FlowImportError) && !isSystemError(error)) throw error;
    io.say(`mesh import-flow: ${error.message}`);
    return 1;
  }
  const { report, files } = imported;
  io.print(json ? `${JSON.stringify(report, undefined, 2)}\n` : summary(imported));
  if (report.secrets.length > 0) {
    io.say(
      `the file contains ${report.secrets.length} secrets, which were left out: replace them at their providers`,
    );
  }
  io.say(`${files.length} files in ${out}; read report.md first`);
  return 0;
}

/** An error of the file system, such as a missing file or one that exists already. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return (
    error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string' && 'syscall' in error
  );
}

function summary({ report }: FlowImport): string {
  const { translated, check, manual, dropped } = report.counts;
  const lines = [
    `${report.source}: ${translated} translated, ${check} to check, ${manual} manual, ${dropped} dropped`,
    report.isComplete ? 'the draft compiles' : 'the draft compiles once its manual steps are written',
  ];
  return lines.map((line) => `${line}\n`).join('');
}
