import { Writable } from 'node:stream';

import { writeLine } from './write-line.js';

const failing = (code: string): Writable =>
  new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })) });

describe('a line that is written', () => {
  it('ends with a line feed', async () => {
    const written: string[] = [];
    const stream = new Writable({
      write: (chunk, _encoding, done) => {
        written.push(String(chunk));
        done();
      },
    });
    await writeLine(stream, 'a');
    expect(written).toEqual(['a\n']);
  });

  it('is no error when nobody reads any more', async () => {
    await expect(writeLine(failing('EPIPE'), 'a')).resolves.toBeUndefined();
  });

  it('is refused when there is no room for it', async () => {
    await expect(writeLine(failing('ENOSPC'), 'a')).rejects.toThrow('the report cannot be written: ENOSPC');
  });
});
