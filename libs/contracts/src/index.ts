// Topics
export { topicConfigurations, topics } from './topics.js';
export type { Party, Topic, TopicConfiguration } from './topics.js';

// Access
export { accessRules } from './access-rules.js';
export type { AccessRule } from './access-rules.js';
