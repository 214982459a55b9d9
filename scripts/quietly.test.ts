import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

function quietly(...command: readonly string[]) {
  const args = [join(import.meta.dirname, 'quietly.mjs'), ...command];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, stdout, stderr };
}

const talk = "console.log('to stdout'); console.error('to stderr');";

describe('quietly', () => {
  it('prints nothing when the command succeeds', () => {
    expect(quietly(process.execPath, '-e', talk)).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('prints the whole output of a failing command, and fails with it', () => {
    const { status, stdout, stderr } = quietly(process.execPath, '-e', `${talk} process.exitCode = 3;`);
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr.trim().split('\n').sort()).toEqual(['to stderr', 'to stdout']);
  });

  it('fails when the command is killed', () => {
    expect(quietly(process.execPath, '-e', "process.kill(process.pid, 'SIGKILL')").status).toBe(1);
  });

  it('names a command that does not exist', () => {
    const { status, stderr } = quietly('no-such-program');
    expect(status).toBe(127);
    expect(stderr).toContain('no-such-program');
  });
});
