/**
 * The names of all spans, attributes and metrics, and the conventions that they follow. A name outside of this file is
 * a mistake.
 */

/** The version of our own names, and of the OpenTelemetry conventions behind the others. Every span carries it as its scope. */
export const conventions = { scope: 'action-mesh', version: 'mesh/1 gen_ai/0.1.0 semconv/1.45.0' } as const;

/** Attributes of spans. `mesh.*` is ours. */
export const attributeName = {
  // GenAI (github.com/open-telemetry/semantic-conventions-genai, v0.1.0)
  operation: 'gen_ai.operation.name',
  toolName: 'gen_ai.tool.name',
  toolType: 'gen_ai.tool.type',
  toolCallId: 'gen_ai.tool.call.id',
  toolArguments: 'gen_ai.tool.call.arguments',
  toolResult: 'gen_ai.tool.call.result',
  agentId: 'gen_ai.agent.id',
  conversationId: 'gen_ai.conversation.id',
  // MCP
  mcpMethod: 'mcp.method.name',
  mcpProtocolVersion: 'mcp.protocol.version',
  mcpSessionId: 'mcp.session.id',
  jsonRpcRequestId: 'jsonrpc.request.id',
  // Messaging
  messagingSystem: 'messaging.system',
  messagingOperation: 'messaging.operation.name',
  messagingOperationType: 'messaging.operation.type',
  messagingDestination: 'messaging.destination.name',
  messagingPartition: 'messaging.destination.partition.id',
  messagingGroup: 'messaging.consumer.group.name',
  messagingOffset: 'messaging.kafka.offset',
  messagingBatchCount: 'messaging.batch.message_count',
  messagingMessageId: 'messaging.message.id',
  // HTTP
  httpMethod: 'http.request.method',
  httpStatus: 'http.response.status_code',
  httpResendCount: 'http.request.resend_count',
  httpRoute: 'http.route',
  urlFull: 'url.full',
  urlScheme: 'url.scheme',
  urlPath: 'url.path',
  serverAddress: 'server.address',
  serverPort: 'server.port',
  // General
  errorType: 'error.type',
  userId: 'user.id',
  sessionId: 'session.id',
  // The mesh
  tenantId: 'mesh.tenant.id',
  callId: 'mesh.call.id',
  callMode: 'mesh.call.mode',
  callStatus: 'mesh.call.status',
  errorCode: 'mesh.error.code',
  errorCategory: 'mesh.error.category',
  runId: 'mesh.agent.run_id',
  step: 'mesh.agent.step',
  thought: 'mesh.agent.thought',
  promptId: 'mesh.prompt.id',
  promptHash: 'mesh.prompt.hash',
  promptUrl: 'mesh.prompt.url',
  toolVersion: 'mesh.tool.version',
  effect: 'mesh.tool.effect',
  provider: 'mesh.provider',
  attempt: 'mesh.attempt',
  attempts: 'mesh.attempts',
  redrives: 'mesh.redrives',
  recovered: 'mesh.recovered',
  evidence: 'mesh.evidence',
  circuit: 'mesh.circuit_breaker.status',
  connectionId: 'mesh.connection.id',
  integration: 'mesh.integration',
  leaseAnswer: 'mesh.lease.answer',
  refreshResult: 'mesh.refresh.result',
  connectResult: 'mesh.connect.result',
  policyDecision: 'mesh.policy.decision',
  policyRule: 'mesh.policy.rule',
  approvalId: 'mesh.approval.id',
  waitReason: 'mesh.wait.reason',
  waitScope: 'mesh.wait.scope',
  waitMs: 'mesh.wait.ms',
  lateMs: 'mesh.wait.late_ms',
  verdict: 'mesh.verdict',
  batchCalls: 'mesh.batch.calls',
  linksDropped: 'mesh.links_dropped',
  linkOf: 'mesh.link',
  deadLetterOf: 'mesh.dead_letter.origin',
} as const;

/** Names of spans. A name has few values: ids and addresses are attributes. */
export const spanName = {
  /** The whole of a logical call, from its record to the first state at which it rests. One for each call. */
  executeTool: (tool: string) => `execute_tool ${tool}`,
  /** A run after a redrive, until the call rests again. */
  redrive: (tool: string) => `redrive ${tool}`,
  /** A verdict on a call at rest: of a person, or of late evidence. */
  resolve: (tool: string) => `resolve ${tool}`,
  /** The moment at which a call begins to wait. */
  wait: (reason: string) => `wait ${reason}`,
  /** The moment at which a waiting call continues. */
  resume: (tool: string) => `resume ${tool}`,
  permitWait: 'wait for permit',
  tokenLease: 'lease token',
  tokenRefresh: 'refresh token',
  /** A step of a connect session: the consent of the user, the fields that a person enters, or the stored connection. */
  connect: (step: 'consent' | 'fields' | 'save') => `connect ${step}`,
  claim: 'claim calls',
  takeOver: 'take over calls',
  send: (topic: string) => `send ${topic}`,
  process: (topic: string) => `process ${topic}`,
  http: (method: string, route?: string) => (route === undefined ? method : `${method} ${route}`),
} as const;
