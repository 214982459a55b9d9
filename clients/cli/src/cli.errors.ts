import { MeshError } from '@action-mesh/kernel';

/** The words or the environment of a command are wrong. The command exits with 2. */
export class CliUsageError extends MeshError {
  readonly code = 'CLI_USAGE';
  readonly retry = 'terminal';
}

/** The command did not reach its aim, for example because a file cannot be read. It exits with 1. */
export class CliFailure extends MeshError {
  readonly code = 'CLI_FAILED';
  readonly retry = 'terminal';
}

/** The reader of standard output left, for example `| head -1`. The command ends in silence. */
export class OutputClosedError extends MeshError {
  readonly code = 'CLI_OUTPUT_CLOSED';
  readonly retry = 'terminal';
}

/** A signal ends the command. A terminal sends SIGINT to all processes of the command, and SIGTERM comes to one. */
export class InterruptedError extends MeshError {
  readonly code = 'CLI_INTERRUPTED';
  readonly retry = 'terminal';
  readonly signal: 'SIGINT' | 'SIGTERM';

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`the command was interrupted by ${signal}`);
    this.signal = signal;
  }
}
