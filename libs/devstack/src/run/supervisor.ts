/**
 * Starts and ends the processes of one run. It is a process in its own session, so it outlives the owner of the run. It
 * uses only Node itself.
 *
 * - SV1: a process is recorded in `run.json` before its pid is reported.
 * - SV2: when the channel to the owner closes for any reason (a stop, Ctrl-C, SIGKILL), every process is ended and
 *   every folder of the run deleted. Kept data lie outside.
 * - SV3: after the end began, no process is started.
 * - SV4: when the supervisor itself is killed, the record suffices for its owner, or the next run, to do the same.
 */
import { spawn } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { hostname } from 'node:os';
import { identifyProcess } from './process-identity.js';
import { discardRun, signalGroup, writeRunRecord } from './run-record.js';
import type { RecordedProcess } from './run-record.js';
import type { ProcessSpec, SupervisorMessage, SupervisorRequest } from './supervisor-protocol.js';

const { folders, keeps } = JSON.parse(process.argv[2] ?? '{"folders":[]}') as {
  readonly folders: readonly string[];
  readonly keeps?: string;
};
const [folder] = folders;
if (folder === undefined || process.send === undefined) throw new Error('only a run starts the supervisor');

const processes = new Map<number, RecordedProcess>();
let ending = false;

process.on('message', (request: SupervisorRequest) => answer(request));
process.on('disconnect', () => void end());
process.on('SIGTERM', () => void end());
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('uncaughtException', (error) => {
  console.error(error);
  void end();
});

mkdirSync(folder, { recursive: true });
chmodSync(folder, 0o711); // The umask must not matter: a server may run as another user, who has to enter this folder.
record();
tell({ tell: 'ready' });

function answer(request: SupervisorRequest): void {
  try {
    if (request.do === 'stop') void end(request.id);
    else if (request.do === 'signal') signalOwn(request.id, request.pid, request.signal);
    else start(request.id, request.spec);
  } catch (thrown) {
    tell({
      tell: 'answer',
      id: request.id,
      error: thrown instanceof Error ? thrown.message : String(thrown),
    });
  }
}

function start(id: number, spec: ProcessSpec): void {
  if (ending) throw new Error('the run is ending');
  const log = openSync(spec.logFile, 'a');
  const child = spawn(spec.command, spec.args, {
    cwd: spec.cwd,
    env: spec.environment,
    stdio: ['ignore', log, log],
    detached: true,
    ...(spec.uid !== undefined && { uid: spec.uid }),
    ...(spec.gid !== undefined && { gid: spec.gid }),
  });
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) {
    child.once('error', (error) => tell({ tell: 'answer', id, error: error.message }));
    return;
  }
  processes.set(pid, {
    ...identifyProcess(pid),
    name: spec.name,
    discardSignal: spec.discardSignal ?? 'SIGKILL',
    ...(spec.postmasterFile !== undefined && { postmasterFile: spec.postmasterFile }),
    ...(spec.graceMs !== undefined && { graceMs: spec.graceMs }),
  });
  record();
  child.on('exit', (code, signal) => {
    // The entry stays until the end, since PostgreSQL may have left a memory segment.
    if (spec.postmasterFile === undefined) processes.delete(pid);
    if (!ending) record();
    tell({ tell: 'exit', pid, code, signal });
  });
  tell({ tell: 'answer', id, pid });
}

function signalOwn(id: number, pid: number, signal: NodeJS.Signals): void {
  if (!processes.has(pid)) throw new Error(`no process ${pid} in this run`);
  signalGroup(pid, signal);
  tell({ tell: 'answer', id });
}

async function end(id?: number): Promise<void> {
  if (ending) return;
  ending = true;
  await discardRun(currentRecord());
  if (id !== undefined) tell({ tell: 'answer', id });
  process.exit(0);
}

function currentRecord() {
  return {
    host: hostname(),
    supervisor: identifyProcess(process.pid),
    folders,
    ...(keeps !== undefined && { keeps }),
    processes: [...processes.values()],
  };
}

function record(): void {
  if (folder !== undefined) writeRunRecord(folder, currentRecord());
}

function tell(message: SupervisorMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
