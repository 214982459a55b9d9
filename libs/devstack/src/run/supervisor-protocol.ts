/** A process to start under the supervisor. It leads a process group of its own. */
export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  /** The file that gets standard output and standard error. */
  readonly logFile: string;
  readonly uid?: number;
  readonly gid?: number;
  /** @default 'SIGKILL' */
  readonly discardSignal?: NodeJS.Signals;
  readonly postmasterFile?: string;
  readonly graceMs?: number;
}

/** The requests of a run's owner. Each gets one answer. */
export type SupervisorRequest =
  | { readonly id: number; readonly do: 'spawn'; readonly spec: ProcessSpec }
  | { readonly id: number; readonly do: 'signal'; readonly pid: number; readonly signal: NodeJS.Signals }
  | { readonly id: number; readonly do: 'stop' };

/** The messages of the supervisor: it is ready, an answer, or the end of a process. */
export type SupervisorMessage =
  | { readonly tell: 'ready' }
  | { readonly tell: 'answer'; readonly id: number; readonly pid?: number; readonly error?: string }
  | {
      readonly tell: 'exit';
      readonly pid: number;
      readonly code: number | null;
      readonly signal: string | null;
    };
