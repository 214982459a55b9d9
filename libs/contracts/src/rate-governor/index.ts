// Events
export {
  LimitPublished,
  limitIdSchema,
  limitKey,
  limitMatchSchema,
  limitPolicySchema,
} from './limit-policy.v1.js';
export type { LimitPolicy } from './limit-policy.v1.js';

// Queries
export { limitViewSchema } from './limit-view.js';
export type { LimitView } from './limit-view.js';
