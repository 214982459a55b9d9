import { MeshError } from '@action-mesh/kernel';

/** Something must be installed before the infrastructure can start; the message says what. */
export class InfrastructureMissingError extends MeshError {
  readonly code = 'DEVSTACK_MISSING';
  readonly retry = 'terminal';
}

/** A component was started and did not come up; the message ends with the last lines of its log. */
export class ComponentStartError extends MeshError {
  readonly code = 'DEVSTACK_START_FAILED';
  readonly retry = 'retryable';

  constructor(
    readonly component: string,
    reason: string,
    logTail = '',
    options?: ErrorOptions,
  ) {
    super(`${component} did not start: ${reason}${logTail === '' ? '' : `\n${logTail}`}`, options);
  }
}

/** An address given by the environment does not answer. Names the variable, never its value. */
export class GivenComponentUnreachableError extends MeshError {
  readonly code = 'DEVSTACK_GIVEN_UNREACHABLE';
  readonly retry = 'retryable';

  constructor(
    readonly variable: string,
    reason: string,
  ) {
    super(`${variable} is set, but nothing usable answers there: ${reason}`);
  }
}

/** Another process holds the data folder. */
export class DataFolderInUseError extends MeshError {
  readonly code = 'DEVSTACK_DATA_IN_USE';
  readonly retry = 'terminal';

  constructor(
    folder: string,
    holder: { readonly pid: number; readonly since: string; readonly host?: string; readonly file?: string },
  ) {
    const { pid, since, host, file } = holder;
    super(
      host === undefined
        ? `another start runs on the data in ${folder} (process ${pid}, since ${since}). Stop that one, or start with --fresh for a mesh without these data, or with MESH_STACK_FOLDER for other ones`
        : `the machine ${host} holds the data in ${folder} (process ${pid}, since ${since}). Stop that start; if that machine is gone, delete ${file ?? folder}`,
    );
  }
}

/** The processes of a run ended while something was still asked of them. */
export class RunEndedError extends MeshError {
  readonly code = 'DEVSTACK_RUN_ENDED';
  readonly retry = 'terminal';
}
