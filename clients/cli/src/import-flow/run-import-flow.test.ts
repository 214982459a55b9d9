import { runImportFlow, type ImportFlowIo } from './run-import-flow.js';

const text = JSON.stringify({
  name: 'Hello',
  flow: [
    { id: 1, module: 'gateway:CustomWebHook', mapper: {} },
    { id: 2, module: 'slack:CreateMessage', mapper: { channel: 'C1', text: '{{1.text}}' } },
  ],
});

function stage(content: string) {
  const written = new Map<string, string>();
  const [printed, said]: [string[], string[]] = [[], []];
  const io: ImportFlowIo = {
    readText: () => Promise.resolve(content),
    writeNew: (folder, path, file) => {
      if (written.has(path)) {
        return Promise.reject(
          Object.assign(new Error(`EEXIST: ${path}`), { code: 'EEXIST', syscall: 'open' }),
        );
      }
      written.set(`${folder}/${path}`, file);
      return Promise.resolve();
    },
    catalogue: () => Promise.resolve([]),
    print: (line) => printed.push(line),
    say: (line) => said.push(line),
  };
  return { io, written, printed, said };
}

const options = { file: 'exports/hello.json', out: 'draft', json: false };

describe('mesh import-flow', () => {
  it('writes the draft and its report, and tells the counts', async () => {
    const { io, written, printed } = stage(text);
    await runImportFlow(options, io);
    expect([...written.keys()]).toEqual([
      'draft/hello.ts',
      'draft/report.json',
      'draft/report.md',
      'draft/tools.ts',
    ]);
    expect(printed.join('')).toBe(
      'make: 0 translated, 2 to check, 0 manual, 0 dropped\nthe draft compiles\n',
    );
  });

  it('prints the report as JSON', async () => {
    const { io, printed, said } = stage(text);
    await runImportFlow({ ...options, json: true }, io);
    expect(said).toEqual([]);
    expect(JSON.parse(printed.join(''))).toMatchObject({
      file: 'hello.json',
      source: 'make',
      isComplete: true,
    });
  });

  it('tells why a file is no export, and writes nothing', async () => {
    const { io, written } = stage('{"a":1}');
    await expect(runImportFlow(options, io)).rejects.toThrow('the file is no export of n8n');
    await expect(runImportFlow(options, io)).rejects.toMatchObject({ code: 'FLOW_IMPORT' });
    expect(written.size).toBe(0);
  });

  it('does not overwrite a draft', async () => {
    const { io, written } = stage(text);
    written.set('hello.ts', 'changed by a person');
    await expect(runImportFlow(options, io)).rejects.toThrow('EEXIST');
    await expect(runImportFlow(options, io)).rejects.toMatchObject({ code: 'CLI_FAILED' });
  });
});
