/** A process to start under the supervisor. It leads a group of its own. */
export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  /** Where standard output and standard error are appended. */
  readonly logFile: string;
  readonly uid?: number;
  readonly gid?: number;
  /** @default 'SIGKILL' */
  readonly discardSignal?: NodeJS.Signals;
  readonly postmasterFile?: string;
  readonly graceMs?: number;
}

/** What the owner of a run asks; every request is answered once. */
export type SupervisorRequest =
  | { readonly id: number; readonly do: 'spawn'; readonly spec: ProcessSpec }
  | { readonly id: number; readonly do: 'signal'; readonly pid: number; readonly signal: NodeJS.Signals }
  | { readonly id: number; readonly do: 'stop' };

/** What the supervisor tells: that it is ready, the answers, and each process that ended. */
export type SupervisorMessage =
  | { readonly tell: 'ready' }
  | { readonly tell: 'answer'; readonly id: number; readonly pid?: number; readonly error?: string }
  | {
      readonly tell: 'exit';
      readonly pid: number;
      readonly code: number | null;
      readonly signal: string | null;
    };
