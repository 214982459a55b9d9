// Topics
export { topicConfigurations, topics } from './topics.js';
export type { Party, Topic, TopicConfiguration } from './topics.js';
