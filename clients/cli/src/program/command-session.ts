import { ActionMesh } from '@action-mesh/sdk';
import type { Command } from 'commander';

import { findAccess, type AccessOptions, type MeshAccess } from '../access/find-access.js';
import { CommandOutput } from '../terminal/command-output.js';
import type { CliWorld } from '../world.js';

/** Options of every command. */
export interface SharedOptions extends AccessOptions {
  readonly json?: boolean;
}

/** The surroundings of a command: its output, and the mesh of its options. */
export class CommandContext {
  readonly world: CliWorld;
  readonly output: CommandOutput;
  readonly #options: SharedOptions;
  #access: Promise<MeshAccess> | undefined;

  constructor(world: CliWorld, options: SharedOptions) {
    this.world = world;
    this.#options = options;
    this.output = new CommandOutput(world, options.json === true);
  }

  get isJson(): boolean {
    return this.#options.json === true;
  }

  /** The signal that ends the command, as an option of requests. */
  get request(): { readonly signal: AbortSignal } {
    return { signal: this.world.signal };
  }

  access(): Promise<MeshAccess> {
    this.#access ??= findAccess(this.#options, this.world);
    return this.#access;
  }

  /** The client of the mesh. Throws `CliUsageError` without a key. */
  async mesh(): Promise<ActionMesh> {
    const { url, key } = await this.access();
    return new ActionMesh({ baseUrl: url, apiKey: key });
  }
}

/** One run of the program. It keeps the exit code of its command. */
export class CommandSession {
  readonly world: CliWorld;
  exitCode = 0;

  constructor(world: CliWorld) {
    this.world = world;
  }

  /** The action of a command: `work` gets its context, its options and its words, and may give an exit code. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- each command names its own types
  action<Options extends object, Words extends readonly unknown[] = []>(
    work: (
      context: CommandContext,
      options: Options & SharedOptions,
      ...words: Words
    ) => Promise<number | undefined> | Promise<void>,
  ): (...given: unknown[]) => Promise<void> {
    return async (...given) => {
      const command = given.at(-1) as Command;
      const options = command.optsWithGlobals<Options & SharedOptions>();
      const context = new CommandContext(this.world, options);
      const code = await work(context, options, ...(given.slice(0, -2) as unknown as Words));
      this.exitCode = code ?? this.exitCode;
    };
  }
}
