import { MeshError, type RetryClass } from '@action-mesh/kernel';

/** One environment variable that cannot be used, and why. */
export interface ConfigProblem {
  readonly variable: string;
  /** For people; never holds the value. */
  readonly problem: string;
}

/** The environment does not make a configuration. Names every variable that is wrong, and no value. */
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
