/**
 * What a service has opened, closed in the opposite order: whoever was opened later may still need what was opened
 * before. (`AsyncDisposableStack` does this from Node 24 on.)
 */
export class OpenResources implements AsyncDisposable {
  #closers: (() => unknown)[] = [];

  /** Keeps the resource and returns it. */
  add<Resource>(resource: Resource, close: (resource: Resource) => unknown): Resource {
    this.#closers.push(() => close(resource));
    return resource;
  }

  /** Keeps a resource that knows how to close itself. */
  use<Resource extends AsyncDisposable>(resource: Resource): Resource {
    return this.add(resource, (used) => used[Symbol.asyncDispose]());
  }

  /** Closes everything, even when some of it fails; then throws what failed. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const close of this.#closers.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'not everything could be closed');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
