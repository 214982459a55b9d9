import { MeshError } from '@action-mesh/kernel';

/** Software is missing that the infrastructure needs. The message names it. */
export class InfrastructureMissingError extends MeshError {
  readonly code = 'DEVSTACK_MISSING';
  readonly retry = 'terminal';
}

/** A component was started and did not answer. The message ends with the last lines of its log. */
export class ComponentStartError extends MeshError {
  readonly code = 'DEVSTACK_START_FAILED';
  readonly retry = 'retryable';

  readonly component: string;

  constructor(component: string, reason: string, logTail = '', options?: ErrorOptions) {
    super(`${component} did not start: ${reason}${logTail === '' ? '' : `\n${logTail}`}`, options);
    this.component = component;
  }
}

/** An address from the environment does not answer. The message names the variable, never its value. */
export class GivenComponentUnreachableError extends MeshError {
  readonly code = 'DEVSTACK_GIVEN_UNREACHABLE';
  readonly retry = 'retryable';

  readonly variable: string;

  constructor(variable: string, reason: string) {
    super(`${variable} is set, but nothing usable answers there: ${reason}`);
    this.variable = variable;
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
        ? `another start uses the data in ${folder} (process ${pid}, since ${since}). Stop that start, use --fresh for a mesh without these data, or set MESH_STACK_FOLDER to other ones`
        : `the machine ${host} holds the data in ${folder} (process ${pid}, since ${since}). Stop that start; if that machine is gone, delete ${file ?? folder}`,
    );
  }
}

/** The processes of a run ended before a request to them was answered. */
export class RunEndedError extends MeshError {
  readonly code = 'DEVSTACK_RUN_ENDED';
  readonly retry = 'terminal';
}
