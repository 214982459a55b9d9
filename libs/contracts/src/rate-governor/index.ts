// Events
export { LimitPublished, limitIdSchema, limitMatchSchema } from './limit-policy.v1.js';
export type { LimitPolicy } from './limit-policy.v1.js';
