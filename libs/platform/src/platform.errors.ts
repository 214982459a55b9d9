import { MeshError, type RetryClass } from '@action-mesh/kernel';

/** One unusable environment variable, with the reason. */
export interface ConfigProblem {
  readonly variable: string;
  /** The reason for people. It never holds the value. */
  readonly problem: string;
}

/** The environment is not a valid configuration. The message names every wrong variable and no value. */
export class ConfigError extends MeshError {
  readonly code = 'PLATFORM_CONFIG_INVALID';
  readonly retry: RetryClass = 'terminal';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(
      [
        'the configuration is not valid:',
        ...problems.map(({ variable, problem }) => `  ${variable} ${problem}`),
      ].join('\n'),
    );
    this.problems = problems;
  }
}
