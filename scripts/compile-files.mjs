/** Compiles the files that its input lists as a JSON array of pairs: the source and its compiled file. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { json } from 'node:stream/consumers';

import { transformFile } from '@swc/core';

import { compilerOptions } from './compiler-options.mjs';

await Promise.all((await json(process.stdin)).map(compile));

/** @param {[string, string]} pair */
async function compile([source, target]) {
  const { code, map } = await transformFile(source, {
    ...compilerOptions,
    sourceMaps: true,
    swcrc: false,
    configFile: false,
  });
  await mkdir(dirname(target), { recursive: true });
  await replace(`${target}.map`, map ?? '');
  await replace(target, `${code}//# sourceMappingURL=${basename(target)}.map\n`);
}

/**
 * Another process may read the file meanwhile, so it never sees half of it.
 *
 * @param {string} file
 * @param {string} text
 */
async function replace(file, text) {
  const fresh = `${file}.${process.pid}`;
  await writeFile(fresh, text);
  await rename(fresh, file);
}
