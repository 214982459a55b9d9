import { join } from 'node:path';

import ts from 'typescript';

import type { DraftFile } from '../src/index.js';

const root = join(import.meta.dirname, '../../..');
const draftRoot = join(root, 'libs/flow-import/test/drafts-in-memory');

/** An error of the compiler in a draft. */
export interface DraftError {
  /** `draft/file.ts`. */
  readonly file: string;
  readonly line: string;
  readonly message: string;
}

/** Compiles drafts by their names under `strict`, all in one program, without writing a file. */
export function draftErrors(drafts: ReadonlyMap<string, readonly DraftFile[]>): readonly DraftError[] {
  const texts = new Map<string, string>();
  for (const [name, files] of drafts) {
    for (const { path, text } of files) {
      if (path.endsWith('.ts')) texts.set(join(draftRoot, name, path), text);
    }
  }
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    customConditions: ['@action-mesh/source'],
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
  };
  const host = ts.createCompilerHost(options);
  const disk = { ...host };
  host.directoryExists = (folder) => folder.startsWith(draftRoot) || disk.directoryExists?.(folder) === true;
  host.fileExists = (file) => texts.has(file) || disk.fileExists(file);
  host.readFile = (file) => texts.get(file) ?? disk.readFile(file);
  host.getSourceFile = (file, languageVersion, ...rest) => {
    const text = texts.get(file);
    return text === undefined
      ? disk.getSourceFile(file, languageVersion, ...rest)
      : ts.createSourceFile(file, text, languageVersion, true);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start ?? 0).line;
    return {
      file: file?.fileName.slice(draftRoot.length + 1) ?? '',
      line: file?.text.split('\n')[line]?.trim() ?? '',
      message: ts.flattenDiagnosticMessageText(messageText, '\n'),
    };
  });
}
