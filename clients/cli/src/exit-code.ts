import {
  AuthenticationError,
  ConnectionFailedError,
  KillSwitchError,
  MeshConfigurationError,
  MeshFailureError,
  PermissionError,
  RequestTimeoutError,
  UnexpectedAnswerError,
} from '@action-mesh/sdk';
import { CommanderError } from 'commander';

import { CliUsageError, OutputClosedError } from './cli.errors.js';
import { ImportUsageError } from './tools-import/import.errors.js';

/** The exit codes of every command. */
export const exitCodes = {
  done: 0,
  /** The outcome is no success, or the mesh refused the request. */
  failed: 1,
  usage: 2,
  /** The mesh cannot be reached, or it does not admit the key. */
  unreachable: 3,
  interrupted: 130,
} as const;

const wrongUsage = [CliUsageError, CommanderError, ImportUsageError, MeshConfigurationError];
const closedDoors = [
  AuthenticationError,
  PermissionError,
  KillSwitchError,
  ConnectionFailedError,
  RequestTimeoutError,
  UnexpectedAnswerError,
  MeshFailureError,
];

/** The exit code for an error that ended a command. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof OutputClosedError) return exitCodes.done;
  if (wrongUsage.some((usage) => error instanceof usage)) return exitCodes.usage;
  return closedDoors.some((door) => error instanceof door) ? exitCodes.unreachable : exitCodes.failed;
}
