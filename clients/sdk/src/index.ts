// The client
export { ActionMesh } from './action-mesh.js';
export type { ActionMeshOptions } from './config.js';
export type { OperationInput, ApiOperation, MeshRequestOptions } from './http/api-request.js';
export type { ApiAnswers, ApiBodies, ApiQueries, ApiSchemas } from './generated/api.js';

// Tools
export type { CallOptions, ExecuteToolOptions, ResultOptions, SubmittedCall } from './call-options.js';
export type { CallHooks, HookedCall } from './call-hooks.js';
export type {
  AgentToolOptions,
  ListedTool,
  ToolFilters,
  ToolPage,
  ToolsApi,
  ToolSelection,
} from './resources/tools.js';
export type {
  AnthropicTool,
  GeminiTool,
  ToolSchema,
  McpTool,
  OpenAiChatTool,
  OpenAiTool,
  PlainTool,
  ToolShapes,
} from './tool-shapes.js';
export type { ToolInput, ToolOutput, ToolSlug, ToolTypes } from './tool-types.js';

// Tool calls of models
export type { AgentTool, AgentToolAnswer, AgentToolCall } from './tool-calls/agent-tool.js';
export type { HandleOptions } from './tool-calls/answer-tool-calls.js';
export type {
  AnthropicMessageLike,
  AnthropicToolMessage,
  ChatCompletionLike,
  ChatToolMessage,
  FunctionCallOutput,
  GeminiResponseLike,
  GeminiToolContent,
  ModelResponse,
  ResponsesLike,
  ToolMessages,
} from './tool-calls/model-responses.js';

// Outcomes
export { isSettled } from './outcome.js';
export type {
  AcceptedOutcome,
  CancelledOutcome,
  DeadOutcome,
  ExecutedCall,
  FailedOutcome,
  IndeterminateOutcome,
  MeshOutcome,
  OutcomeFault,
  OutcomePreview,
  OutcomeWait,
  RehearsedOutcome,
  SucceededOutcome,
  UncertainOutcome,
  WaitingOutcome,
} from './outcome.js';
export type { OutcomeFilters, OutcomesApi } from './resources/outcomes.js';
export type { OutcomesSubscription, SubscribeOptions } from './resources/outcome-subscription.js';

// Calls, connections and administration
export type { CallFilters, CallsApi, ListedCall, RecordedCall } from './resources/calls.js';
export type { ExactResult } from './resources/call-result.js';
export type {
  UserConnection,
  ConnectionFilters,
  ConnectionsApi,
  ConnectLink,
  LinkOptions,
} from './resources/connections.js';
export type { ApprovalFilters, ApprovalsApi, ListedApproval, SeenApproval } from './resources/approvals.js';
export type {
  DeadLetterFilters,
  DeadLettersApi,
  ListedDeadCall,
  RedriveOptions,
} from './resources/dead-letters.js';
export type { KeysApi, LimitsApi, PoliciesApi, SwitchesApi } from './resources/administration.js';
export type { TriggersApi } from './resources/triggers.js';
export type { FlowsApi } from './resources/flows.js';

// Webhooks
export { verifyWebhook } from './webhooks/verify-webhook.js';
export type { VerifiedWebhook, VerifyOptions, WebhookHeaders } from './webhooks/verify-webhook.js';

// Errors
export {
  AuthenticationError,
  ConflictError,
  ConnectFailedError,
  ConnectionFailedError,
  InvalidRequestError,
  MeshConfigurationError,
  MeshClientError as MeshError,
  MeshFailureError,
  NotFoundError,
  OutcomeGapError,
  PermissionError,
  RequestTimeoutError,
  KillSwitchError,
  TooManyRequestsError,
  UnexpectedAnswerError,
  WebhookVerificationError,
} from './mesh.errors.js';
export type { MeshErrorFacts, RequestIssue } from './mesh.errors.js';
