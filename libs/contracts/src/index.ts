// Topics
export { topics } from './topics.js';
export type { Party, Topic } from './topics.js';
export { topicConfigurations } from './topic-configurations.js';
export type { TopicConfiguration } from './topic-configurations.js';

// Callers of internal APIs
export { callerHeader, callerHeaders, readCallerHeaders } from './caller-headers.js';
export type { InternalCaller } from './caller-headers.js';
