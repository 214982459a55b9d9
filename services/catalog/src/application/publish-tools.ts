import type { Tool } from '@action-mesh/contracts/catalog';
import { defined, isSameJson } from '@action-mesh/kernel';

import {
  planPublication,
  type PublicationPlan,
  type RecordedTools,
  type Refusal,
  type SourcedTool,
} from '../domain/publication-plan.js';
import { nextDate, type Release } from '../domain/release-plan.js';
import { toolKey } from '../domain/tool-key.js';
import { newestOfEach } from '../domain/toolkit-plan.js';
import type { CatalogStore, StoredToolkit } from './catalog-store.port.js';
import type { PublishCatalog } from './publish-catalog.js';
import { ToolkitChanges } from './toolkit-changes.js';
import type { FoundDefinition, DiscoveredTools, ToolSource } from './tool-source.port.js';

/** The result of one run, as record keys. */
export interface PublicationReport {
  readonly published: readonly string[];
  readonly withdrawn: readonly string[];
  readonly unchanged: number;
  /** Recorded tools without a definition. They are kept because a source could not be read or was refused. */
  readonly held: readonly string[];
  /** Recorded tools that no source defines any more. They stay until a person confirms their withdrawal. */
  readonly unconfirmed: readonly string[];
  readonly refused: readonly Refusal[];
  /** The accepted and the refused tools of each folder and package. */
  readonly locations: readonly ToolLocation[];
  /** Tools with a base URL that the egress policy blocks, and the missing entry of `EGRESS_ALLOW`. */
  readonly unreachable: readonly {
    readonly source: string;
    readonly baseUrl: string;
    readonly entry: string;
  }[];
  /** Toolkits with a new date: `crm@2026-11-25`. */
  readonly toolkits: readonly string[];
}

export interface ToolLocation {
  readonly location: string;
  readonly tools: number;
  readonly refused: number;
}

export interface PublishToolsOptions {
  /** The deployment that owns these tools. The tools of another one never change. */
  readonly owner: string;
  /**
   * Whether a version may be recorded again with other content, and whether an edit withdraws the tools that it
   * removes.
   */
  readonly isDevelopment: boolean;
  /** Confirms the withdrawal of tools that no source defines any more. */
  readonly mayWithdraw: boolean;
  /** The entry of `EGRESS_ALLOW` that calls to a base URL lack. */
  readonly missingEntry: (baseUrl: string) => string | undefined;
  /** The present day in UTC, `YYYY-MM-DD`. */
  readonly today: () => string;
}

/**
 * Records the tools of code and publishes them. A second run with the same sources changes nothing. The deployment of
 * code is its review, so the channel `stable` of its toolkits moves at once.
 */
export class PublishTools {
  #report: PublicationReport | undefined;
  readonly #changes = new ToolkitChanges();
  /** Keys that this process has found defined. In development, an edit that removes one of them withdraws it. */
  readonly #seen = new Set<string>();

  readonly #source: ToolSource;
  readonly #store: CatalogStore;
  readonly #publishCatalog: PublishCatalog;
  readonly #options: PublishToolsOptions;

  constructor(
    source: ToolSource,
    store: CatalogStore,
    publishCatalog: PublishCatalog,
    options: PublishToolsOptions,
  ) {
    this.#source = source;
    this.#store = store;
    this.#publishCatalog = publishCatalog;
    this.#options = options;
  }

  /** The result of the last run; `undefined` before the first has ended. */
  get report(): PublicationReport | undefined {
    return this.#report;
  }

  async run(): Promise<PublicationReport> {
    const { definitions, unreadable, locations } = await this.#source.find();
    const { tools, refused } = sorted(definitions);
    const { plan, dated } = await this.#changes.run('', () =>
      this.#settle(tools, [...unreadable, ...refused]),
    );
    for (const { tool } of tools) this.#seen.add(toolKey(tool));
    await this.#publishCatalog.run();
    this.#report = {
      published: [...[...plan.publish, ...plan.replace].map(toolKey), ...plan.restore],
      withdrawn: plan.withdraw,
      unchanged: plan.unchanged,
      held: plan.held,
      unconfirmed: plan.unconfirmed,
      locations: counted(locations, plan.refused),
      unreachable: this.#unreachable(tools),
      refused: plan.refused,
      toolkits: dated,
    };
    return this.#report;
  }

  /** Plans and writes each toolkit. Another catalog that starts now writes the same. */
  async #settle(
    tools: readonly SourcedTool[],
    refused: readonly Refusal[],
  ): Promise<{ readonly plan: PublicationPlan; readonly dated: readonly string[] }> {
    const toolkits = await this.#toolkits();
    const mine = [...toolkits.values()].filter(
      ({ origin, owner }) => origin === 'code' && owner === this.#options.owner,
    );
    const { own, foreign } = await this.#split(tools, toolkits);
    const plan = planPublication(own, [...refused, ...foreign], recordOf(mine), {
      mayReplace: this.#options.isDevelopment,
      mayWithdraw: (key) => this.#options.mayWithdraw || (this.#options.isDevelopment && this.#seen.has(key)),
    });
    const dated: string[] = [];
    const names = new Set([...mine.map(({ name }) => name), ...plan.publish.map(({ toolkit }) => toolkit)]);
    for (const name of names) {
      const release = await this.#write(name, toolkits.get(name), plan);
      if (release !== undefined) dated.push(`${name}@${release.version}`);
    }
    return { plan, dated };
  }

  #unreachable(tools: readonly SourcedTool[]): PublicationReport['unreachable'] {
    return tools.flatMap(({ source, tool }) => {
      const baseUrl = this.#publishCatalog.baseUrlOf(tool);
      const entry = this.#options.missingEntry(baseUrl);
      return entry === undefined ? [] : [{ source, baseUrl, entry }];
    });
  }

  async #toolkits(): Promise<ReadonlyMap<string, StoredToolkit>> {
    const found = await Promise.all((await this.#store.names()).map((name) => this.#whole(name)));
    return new Map(found.flatMap((toolkit) => (toolkit === undefined ? [] : [[toolkit.name, toolkit]])));
  }

  /** Every version of a toolkit of code, because a definition may concern any of them. */
  async #whole(name: string): Promise<StoredToolkit | undefined> {
    const found = await this.#store.find(name);
    return found?.origin === 'code' ? { ...found, tools: await this.#store.tools(found.keys) } : found;
  }

  /**
   * Separates the definitions by toolkit. It refuses names and toolkits of other owners. If two toolkits claim a free
   * name, neither gets it.
   */
  async #split(
    tools: readonly SourcedTool[],
    toolkits: ReadonlyMap<string, StoredToolkit>,
  ): Promise<{ readonly own: SourcedTool[]; readonly foreign: Refusal[] }> {
    const owners = await this.#store.owners(tools.map(({ tool }) => tool.slug));
    const refusalOf = (toolkit: string): string | undefined => this.#foreign(toolkit, toolkits.get(toolkit));
    const claims = new Map<string, Map<string, string>>();
    for (const { tool, source } of tools) {
      const { slug, toolkit } = tool;
      if (refusalOf(toolkit) === undefined)
        claims.set(slug, (claims.get(slug) ?? new Map<string, string>()).set(toolkit, source));
    }
    const own: SourcedTool[] = [];
    const foreign: Refusal[] = [];
    for (const found of tools) {
      const { slug, version, toolkit } = found.tool;
      const owner = owners.get(slug);
      const others = [
        ...(owner === undefined ? (claims.get(slug) ?? new Map<string, string>()) : [[owner, ''] as const]),
      ].filter(([each]) => each !== toolkit);
      const message = refusalOf(toolkit);
      const problem =
        message !== undefined
          ? { pointer: '/toolkit', message }
          : others.length === 0
            ? undefined
            : {
                pointer: '/slug',
                message: `is ${owner === undefined ? 'claimed by' : 'a tool of'} the toolkit ${others.map(describeClaim).join(', ')}`,
              };
      if (problem === undefined) own.push(found);
      else foreign.push({ source: found.source, slug, version, problems: [problem] });
    }
    return { own, foreign };
  }

  /** The reason why this deployment may not write a toolkit; `undefined` if it may. */
  #foreign(toolkit: string, found: StoredToolkit | undefined): string | undefined {
    if (found === undefined || (found.origin === 'code' && found.owner === this.#options.owner))
      return undefined;
    return found.origin === 'import'
      ? `"${toolkit}" is an imported toolkit`
      : `"${toolkit}" is a toolkit of the deployment "${found.owner ?? ''}": give the tool another toolkit, or deploy it with CATALOG_OWNER=${found.owner ?? ''}`;
  }

  async #write(
    name: string,
    before: StoredToolkit | undefined,
    plan: PublicationPlan,
  ): Promise<Release | undefined> {
    const isMine = ({ toolkit }: Tool): boolean => toolkit === name;
    const keys = new Set(before?.tools.map(toolKey));
    const newTools = plan.publish.filter(isMine);
    const replacedTools = plan.replace.filter(isMine);
    const withdraw = plan.withdraw.filter((key) => keys.has(key));
    const restore = plan.restore.filter((key) => keys.has(key));
    const gone = new Set([...(before?.withdrawn ?? []), ...withdraw]);
    for (const key of restore) gone.delete(key);
    const inUse = [...(before?.tools ?? []).filter((tool) => !gone.has(toolKey(tool))), ...newTools];
    const tools = Object.fromEntries([...newestOfEach(inUse)].map(([slug, { version }]) => [slug, version]));
    const isSame = before !== undefined && isSameJson(tools, before.releases[0]?.tools);
    const release = isSame
      ? undefined
      : { version: nextDate(this.#options.today(), before?.dates ?? []), tools };
    const writes = [newTools, replacedTools, withdraw, restore].some((list) => list.length > 0);
    if (!writes && release === undefined) return undefined;
    await this.#store.commit({
      name,
      origin: 'code',
      owner: this.#options.owner,
      revision: before?.revision ?? 0,
      ...{ newTools, replacedTools, withdraw, restore },
      ...(release === undefined ? {} : { release, stable: release.version }),
    });
    return release;
  }
}

function recordOf(toolkits: readonly StoredToolkit[]): RecordedTools {
  const inUse = new Map<string, Tool>();
  const withdrawn = new Map<string, Tool>();
  for (const toolkit of toolkits) {
    for (const tool of toolkit.tools) {
      const key = toolKey(tool);
      (toolkit.withdrawn.has(key) ? withdrawn : inUse).set(key, tool);
    }
  }
  return { inUse, withdrawn };
}

function describeClaim([toolkit, source]: readonly [string, string]): string {
  return source === '' ? `"${toolkit}"` : `"${toolkit}" (${source})`;
}

function counted(
  locations: DiscoveredTools['locations'],
  refused: readonly Refusal[],
): readonly ToolLocation[] {
  const bad = new Set(refused.map(({ source }) => source));
  return locations.map(({ location, sources }) => {
    const tools = sources.filter((source) => !bad.has(source)).length;
    return { location, tools, refused: sources.length - tools };
  });
}

function sorted(definitions: readonly FoundDefinition[]): {
  readonly tools: SourcedTool[];
  readonly refused: Refusal[];
} {
  const tools: SourcedTool[] = [];
  const refused: Refusal[] = [];
  for (const { source, compiled } of definitions) {
    if (compiled.ok) tools.push({ source, tool: compiled.tool });
    else {
      const { slug, problems } = compiled;
      refused.push({ source, ...defined({ slug }), problems });
    }
  }
  return { tools, refused };
}
