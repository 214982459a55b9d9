import { Writable } from 'node:stream';

import { writeLine } from './write-line.js';

const failing = (code: string): Writable =>
  new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code })) });

describe('a written line', () => {
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

  it('is no error after its reader has left', async () => {
    await expect(writeLine(failing('EPIPE'), 'a')).resolves.toBeUndefined();
  });

  it('is refused when the disk is full', async () => {
    await expect(writeLine(failing('ENOSPC'), 'a')).rejects.toThrow('the report cannot be written: ENOSPC');
  });
});
