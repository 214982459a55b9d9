import { ToolRegistry } from '@action-mesh/admission';
import { ToolkitPublished, ToolPublished } from '@action-mesh/contracts/catalog';
import type { EventDefinition } from '@action-mesh/kernel';
import { CompactedTopic, type EventSchema, type KafkaClientOptions } from '@action-mesh/messaging';
import type { Logger, OpenResources } from '@action-mesh/platform';

/** The tools of the catalog, kept up to date. Resolves when all published tools are known. */
export async function followTools(
  client: KafkaClientOptions,
  logger: Logger,
  open: OpenResources,
): Promise<ToolRegistry> {
  const tools = new ToolRegistry();
  const follow = <Schema extends EventSchema>(definition: EventDefinition<Schema>): CompactedTopic<Schema> =>
    open.use(
      new CompactedTopic({
        client,
        definition,
        onUndecodable: (err) =>
          logger.error({ err, topic: definition.topic }, 'a record could not be decoded'),
        onListenerError: (err) =>
          logger.error({ err, topic: definition.topic }, 'a record could not be used'),
      }),
    );
  const published = follow(ToolPublished);
  published.onChange((key, tool) => (tool === undefined ? tools.remove(key) : tools.put(tool)));
  const dated = follow(ToolkitPublished);
  dated.onChange((key, toolkit) =>
    toolkit === undefined ? tools.removeToolkit(key) : tools.putToolkit(toolkit),
  );
  await Promise.all([published.ready, dated.ready]);
  return tools;
}
