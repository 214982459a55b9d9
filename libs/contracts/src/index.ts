// Topics
export { topicConfigurations, topics } from './topics.js';
export type { Party, Topic, TopicConfiguration } from './topics.js';

// Callers of internal APIs
export { callerHeader, callerHeaders, readCallerHeaders } from './caller-headers.js';
export type { InternalCaller } from './caller-headers.js';
