/**
 * The compiled file of a program that a process starts. `path` is relative to `base`, an `import.meta.url`, and has no
 * ending. Tests run from source, but start compiled programs, because those start much faster.
 */
export function compiledFile(path: string, base: string): URL {
  const file = new URL(path, base);
  const inSource = file.pathname.lastIndexOf('/src/');
  const isSource = inSource >= 0 && base.endsWith('.ts');
  if (isSource)
    file.pathname = `${file.pathname.slice(0, inSource)}/dist/${file.pathname.slice(inSource + 5)}`;
  file.pathname += '.js';
  return file;
}
