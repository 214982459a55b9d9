import { IdentityPublished, type KeyEnvironment } from '@action-mesh/contracts/auth-broker';
import { IdentityDirectory } from '@action-mesh/identity';
import { CompactedTopic, type KafkaClientOptions } from '@action-mesh/messaging';
import type { Logger, OpenResources } from '@action-mesh/platform';

/** Follows the topic of identities. It gives the tenants of publisher tokens. */
export function followIdentities(
  client: KafkaClientOptions,
  environment: KeyEnvironment,
  logger: Logger,
  open: OpenResources,
): IdentityDirectory {
  const directory = new IdentityDirectory(environment);
  const topic = open.use(
    new CompactedTopic({
      client,
      definition: IdentityPublished,
      onUndecodable: (err) => logger.error({ err }, 'an identity could not be decoded'),
    }),
  );
  topic.onChange((key, identity) =>
    identity === undefined ? directory.remove(key) : directory.put(identity),
  );
  topic.ready.then(
    () => directory.complete(),
    () => undefined,
  );
  return directory;
}
