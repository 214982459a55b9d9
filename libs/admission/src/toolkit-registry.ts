import type { Channel, Toolkit } from '@action-mesh/contracts/catalog';
import { compareToolkitVersions } from '@action-mesh/tools';

/** A dated toolkit, and its tools that have not arrived yet, as `slug@version`. */
interface RegisteredToolkit {
  readonly toolkit: Toolkit;
  readonly missing: Set<string>;
}

/**
 * The dated toolkits and the positions of the channels.
 *
 * T3: a channel follows a toolkit once all of its tools have arrived. The record of a toolkit travels separately and
 * may arrive before its tools. Until they arrive, the channel stays at its earlier position.
 */
export class ToolkitRegistry {
  readonly #toolkits = new Map<string, Map<string, RegisteredToolkit>>();
  /** Channels by toolkit; rebuilt after a change to either. */
  readonly #channels = new Map<string, Partial<Record<Channel, Toolkit>>>();

  /** Adds a toolkit. `isHere` returns whether a tool, as `slug@version`, has arrived. */
  put(toolkit: Toolkit, isHere: (key: string) => boolean): void {
    const keys = Object.entries(toolkit.tools).map(([slug, version]) => `${slug}@${version}`);
    const missing = new Set(keys.filter((key) => !isHere(key)));
    const versions = this.#toolkits.get(toolkit.toolkit) ?? new Map<string, RegisteredToolkit>();
    versions.set(toolkit.version, { toolkit, missing });
    this.#toolkits.set(toolkit.toolkit, versions);
    this.#chooseChannels(toolkit.toolkit);
  }

  /** Removes a toolkit; `key` is the key of its event, `toolkit@version`. */
  remove(key: string): void {
    const at = key.indexOf('@');
    const name = key.slice(0, at);
    const versions = this.#toolkits.get(name);
    if (versions === undefined) return;
    versions.delete(key.slice(at + 1));
    if (versions.size === 0) this.#toolkits.delete(name);
    this.#chooseChannels(name);
  }

  toolArrived(name: string, key: string): void {
    let isComplete = false;
    for (const { missing } of this.#toolkits.get(name)?.values() ?? []) {
      if (missing.delete(key) && missing.size === 0) isComplete = true;
    }
    if (isComplete) this.#chooseChannels(name);
  }

  toolWithdrawn(name: string, slug: string, version: string): void {
    let isBroken = false;
    for (const { toolkit, missing } of this.#toolkits.get(name)?.values() ?? []) {
      if (toolkit.tools[slug] !== version) continue;
      missing.add(`${slug}@${version}`);
      isBroken = true;
    }
    if (isBroken) this.#chooseChannels(name);
  }

  /** The toolkit at which a channel stands. Undefined: the channel cannot be followed. */
  channel(name: string, channel: Channel): Toolkit | undefined {
    return this.#channels.get(name)?.[channel];
  }

  find(name: string, version: string): Toolkit | undefined {
    return this.#toolkits.get(name)?.get(version)?.toolkit;
  }

  /** The versions of a toolkit, newest first. Empty: the toolkit is unknown. */
  versions(name: string): readonly Toolkit[] {
    const all = [...(this.#toolkits.get(name)?.values() ?? [])].map(({ toolkit }) => toolkit);
    return all.sort((left, right) => compareToolkitVersions(right.version, left.version));
  }

  #chooseChannels(name: string): void {
    const chosen: Partial<Record<Channel, Toolkit>> = {};
    for (const { toolkit, missing } of this.#toolkits.get(name)?.values() ?? []) {
      if (missing.size > 0) continue;
      for (const channel of toolkit.channels) {
        const other = chosen[channel];
        if (other === undefined || compareToolkitVersions(toolkit.version, other.version) > 0) {
          chosen[channel] = toolkit;
        }
      }
    }
    this.#channels.set(name, chosen);
  }
}
