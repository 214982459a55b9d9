import { compiledFile } from './compiled-file.js';

describe('the compiled file of a program', () => {
  it.each([
    [
      './main',
      'file:///mesh/services/gateway/dist/start/run.js',
      '/mesh/services/gateway/dist/start/main.js',
    ],
    ['./main', 'file:///mesh/services/gateway/src/start/run.ts', '/mesh/services/gateway/dist/start/main.js'],
    ['../main', 'file:///src/libs/x/src/a/run.ts', '/src/libs/x/dist/main.js'],
    ['./main', 'file:///src/libs/x/dist/run.js', '/src/libs/x/dist/main.js'],
  ])('%s beside %s', (path, base, expected) => {
    expect(compiledFile(path, base).pathname).toBe(expected);
  });

  it('keeps a query', () => {
    expect(compiledFile('./clock?ms=5', 'file:///x/src/run.ts').href).toBe('file:///x/dist/clock.js?ms=5');
  });
});
