// Generated from the OpenAPI document of the gateway by `npm run generate`; do not edit.

/** What the gateway takes and answers, under the names of its OpenAPI document. */
export interface ApiSchemas {
  AcceptedCall: {
    call_id: string;
    status: "accepted";
    hash: string;
    trace_id: string;
    links: {
      self: string;
    };
  };
  Approval: {
    id: string;
    status: "pending" | "approved" | "rejected" | "expired" | "closed";
    call_id: string;
    user_id: string;
    tool: string;
    requested_by: {
      key_id?: string;
      agent?: {
        id: string;
        run_id?: string;
        session_id?: string;
        step?: number;
        thought?: string;
        prompt?: {
          id?: string;
          hash?: string;
          url?: string;
        };
      };
    };
    rule?: {
      id: string;
      revision: number;
      reason: string;
    };
    reason: string;
    arguments_digest: string;
    asked_at: string;
    expires_at: string;
    decision?: {
      by: string;
      at: string;
      note?: string;
    };
    version: string;
    arguments: Record<string, unknown>;
    canonical_arguments: string;
    connection_id?: string;
    request: {
      digest?: string;
      method?: string;
      url?: string;
      headers?: Record<string, string>;
      body?: string;
      body_cut?: true;
      not_shown?: string;
    };
  };
  ApprovalDecision: {
    arguments_digest: string;
    note?: string;
  };
  ApprovalPage: {
    approvals: {
      id: string;
      status: "pending" | "approved" | "rejected" | "expired" | "closed";
      call_id: string;
      user_id: string;
      tool: string;
      requested_by: {
        key_id?: string;
        agent?: {
          id: string;
          run_id?: string;
          session_id?: string;
          step?: number;
          thought?: string;
          prompt?: {
            id?: string;
            hash?: string;
            url?: string;
          };
        };
      };
      rule?: {
        id: string;
        revision: number;
        reason: string;
      };
      reason: string;
      arguments_digest: string;
      asked_at: string;
      expires_at: string;
      decision?: {
        by: string;
        at: string;
        note?: string;
      };
    }[];
    cursor?: string;
  };
  AuditCheckpoint: {
    tenant_id: string;
    seq: number;
    hash: string;
    signature?: string;
    public_key: string;
  };
  AuditPage: {
    entries: {
      seq: number;
      kind: "call.accepted" | "call.submitted" | "call.succeeded" | "call.failed" | "call.cancelled" | "call.dry_run" | "call.shadowed" | "call.waiting" | "call.indeterminate" | "call.needs_review" | "call.dead" | "call.compensated" | "connection.created" | "connection.refreshed" | "connection.refresh_failed" | "connection.needs_reauth" | "connection.recovered" | "connection.made_default" | "connection.revoked" | "trigger.fired" | "webhook_endpoint.disabled" | "administration.intent" | "administration.result" | "record.refused" | "record.unreadable" | "person.erased" | "history.pruned";
      at: string;
      recorded_at: string;
      trace_id?: string;
      call_id?: string;
      user_id?: string;
      agent_id?: string;
      run_id?: string;
      step?: number;
      tool?: string;
      tool_version?: string;
      status?: string;
      error_category?: string;
      source?: {
        topic: string;
        partition: number;
        offset: string;
      };
      facts: Record<string, unknown>;
      content?: unknown;
      content_erased?: true;
      hash: string;
    }[];
    cursor?: string;
  };
  Breakers: {
    mode: "shared" | "local";
    blocked: {
      provider: string;
      credential: string;
      until: string;
    }[];
    breakers: {
      provider: string;
      credential: string;
      endpoint: string;
      state: "closed" | "half_open" | "open";
      failures: number;
      until?: string;
    }[];
  };
  Call: {
    call_id: string;
    duplicate_of?: string;
    tenant_id: string;
    user_id: string;
    tool: {
      slug: string;
      version: string;
    };
    state: "RECEIVED" | "CLAIMED" | "DISPATCHING" | "RETRY_WAIT" | "THROTTLED" | "AWAITING_AUTH" | "AWAITING_APPROVAL" | "INDETERMINATE" | "NEEDS_REVIEW" | "DEAD" | "SUCCEEDED" | "FAILED" | "CANCELLED" | "REHEARSED";
    mode?: "live" | "dry_run" | "shadow";
    attempts: number;
    scope?: string;
    occurrence?: string;
    hash?: string;
    idempotency_key?: string;
    deadline?: string;
    connection_id?: string;
    states?: {
      state: "RECEIVED" | "CLAIMED" | "DISPATCHING" | "RETRY_WAIT" | "THROTTLED" | "AWAITING_AUTH" | "AWAITING_APPROVAL" | "INDETERMINATE" | "NEEDS_REVIEW" | "DEAD" | "SUCCEEDED" | "FAILED" | "CANCELLED" | "REHEARSED";
      at: string;
    }[];
    tried?: {
      attempt: number;
      at: string;
      kind: "request" | "probe" | "person" | "file";
      evidence: "answered" | "unanswered" | "not_sent" | "absent";
      status_code?: number;
      refused?: true;
      message?: string;
      times?: number;
    }[];
    request?: {
      digest?: string;
      method?: string;
      url?: string;
      headers?: Record<string, string>;
      body?: string;
      body_cut?: true;
      not_shown?: string;
    };
    arguments?: Record<string, unknown>;
    agent?: {
      id: string;
      run_id?: string;
      session_id?: string;
      step?: number;
      thought?: string;
      prompt?: {
        id?: string;
        hash?: string;
        url?: string;
      };
    };
    saga_id?: string;
    compensates?: string;
    corrects?: string;
    compensating_actions?: {
      call_id: string;
      tool: string;
      status: "succeeded" | "failed" | "cancelled" | "dry_run" | "shadowed" | "waiting" | "indeterminate" | "needs_review" | "dead";
    }[];
    policy?: {
      decision: "allow" | "ask" | "deny";
      rule?: {
        id: string;
        revision: number;
        reason: string;
      };
      explained: string;
      approval?: {
        id: string;
        by: string;
      };
    };
    waiting?: {
      reason: "retry" | "retry_budget" | "rate_limited" | "provider_blocked" | "circuit_open" | "concurrency" | "tenant_backlog" | "tool_unknown" | "file" | "probe" | "redrive" | "switched_off" | "awaiting_auth" | "awaiting_approval" | "token_unavailable";
      until?: string;
      scope?: string;
      connect_url?: string;
      missing_scopes?: string[];
      approval?: {
        id: string;
        rule?: string;
        reason: string;
        expires_at: string;
        arguments_digest: string;
      };
    };
    received_at: string;
    ended_at?: string;
    trace_id?: string;
    outcome?: ApiSchemas["Outcome"];
  };
  CallAttempts: {
    call_id: string;
    duplicate_of?: string;
    state: "RECEIVED" | "CLAIMED" | "DISPATCHING" | "RETRY_WAIT" | "THROTTLED" | "AWAITING_AUTH" | "AWAITING_APPROVAL" | "INDETERMINATE" | "NEEDS_REVIEW" | "DEAD" | "SUCCEEDED" | "FAILED" | "CANCELLED" | "REHEARSED";
    attempts: number;
    tried: {
      attempt: number;
      at: string;
      kind: "request" | "probe" | "person" | "file";
      evidence: "answered" | "unanswered" | "not_sent" | "absent";
      status_code?: number;
      refused?: true;
      message?: string;
      times?: number;
      started_at?: string;
      duration_ms?: number;
    }[];
    states?: {
      state: "RECEIVED" | "CLAIMED" | "DISPATCHING" | "RETRY_WAIT" | "THROTTLED" | "AWAITING_AUTH" | "AWAITING_APPROVAL" | "INDETERMINATE" | "NEEDS_REVIEW" | "DEAD" | "SUCCEEDED" | "FAILED" | "CANCELLED" | "REHEARSED";
      at: string;
    }[];
    request?: {
      digest?: string;
      method?: string;
      url?: string;
      headers?: Record<string, string>;
      body?: string;
      body_cut?: true;
      not_shown?: string;
    };
  };
  CallCancellation: Record<string, never>;
  CallComparison: {
    call_id: string;
    with: string;
    equal?: boolean;
    differences: {
      part: "method" | "url" | "header" | "body";
      at?: string;
      first?: string;
      second?: string;
    }[];
    more?: true;
    not_compared?: string;
  };
  CallCorrection: {
    arguments: Record<string, unknown>;
  };
  CallPage: {
    calls: {
      call_id: string;
      duplicate_of?: string;
      user_id: string;
      tool?: string;
      agent?: {
        id: string;
        run_id?: string;
        session_id?: string;
        step?: number;
        thought?: string;
        prompt?: {
          id?: string;
          hash?: string;
          url?: string;
        };
      };
      status: "succeeded" | "failed" | "cancelled" | "dry_run" | "shadowed" | "waiting" | "indeterminate" | "needs_review" | "dead" | "running";
      state: "RECEIVED" | "CLAIMED" | "DISPATCHING" | "RETRY_WAIT" | "THROTTLED" | "AWAITING_AUTH" | "AWAITING_APPROVAL" | "INDETERMINATE" | "NEEDS_REVIEW" | "DEAD" | "SUCCEEDED" | "FAILED" | "CANCELLED" | "REHEARSED";
      attempts: number;
      error?: {
        code: string;
        category: "request" | "provider" | "network" | "mesh" | "unknown_effect";
        message: string;
        fix?: string;
        errors?: {
          pointer: string;
          message: string;
        }[];
        conflicts_with?: string;
      };
      received_at: string;
      ended_at?: string;
    }[];
    cursor?: string;
  };
  CallRequest: {
    call_id?: string;
    user_id: string;
    agent?: {
      id: string;
      run_id?: string;
      session_id?: string;
      step?: number;
      thought?: string;
      prompt?: {
        id?: string;
        hash?: string;
        url?: string;
      };
    };
    tool: {
      slug: string;
      version?: string | ("stable" | "latest");
    };
    arguments: Record<string, unknown>;
    connection_id?: string;
    scope?: string;
    occurrence?: string;
    idempotency_key?: string;
    saga_id?: string;
    mode?: "live" | "dry_run" | "shadow";
    deadline?: string;
  };
  CallReschedule: {
    not_before: string;
  };
  CallStory: {
    call_id: string;
    user_id?: string;
    agent_id?: string;
    run_id?: string;
    step?: number;
    tool?: string;
    tool_version?: string;
    trace_id?: string;
    status: string;
    thought?: string;
    prompt?: Record<string, unknown>;
    arguments?: unknown;
    result?: unknown;
    error?: {
      code: string;
      category?: string;
      message?: string;
    };
    attempts?: number;
    duration_ms?: number;
    status_code?: number;
    circuit_breaker_status?: string;
    compensating_actions?: {
      call_id: string;
      tool: string;
      status: string;
    }[];
    duplicates?: number;
    events: {
      at: string;
      seq: number;
      kind: "call.accepted" | "call.submitted" | "call.succeeded" | "call.failed" | "call.cancelled" | "call.dry_run" | "call.shadowed" | "call.waiting" | "call.indeterminate" | "call.needs_review" | "call.dead" | "call.compensated" | "connection.created" | "connection.refreshed" | "connection.refresh_failed" | "connection.needs_reauth" | "connection.recovered" | "connection.made_default" | "connection.revoked" | "trigger.fired" | "webhook_endpoint.disabled" | "administration.intent" | "administration.result" | "record.refused" | "record.unreadable" | "person.erased" | "history.pruned";
      text: string;
    }[];
    text: string;
  };
  CallVerdict: {
    verdict: "happened" | "did_not_happen" | "give_up";
    result?: unknown;
    note?: string;
  };
  CalledTool: ApiSchemas["Outcome"] | ApiSchemas["MetaToolAnswer"];
  Caller: {
    tenant: string;
    holder: string;
    environment: "dev" | "test" | "live";
    key_id?: string;
    scopes: ("calls:write" | "calls:read" | "tools:read" | "tools:admin" | "triggers:write" | "triggers:admin" | "dlq:admin" | "limits:read" | "limits:admin" | "switches:admin" | "policies:admin" | "approvals:decide" | "webhooks:admin" | "keys:admin" | "connections:read" | "connections:write" | "connections:admin" | "audit:read" | "audit:admin" | "tenants:admin")[];
    tools?: string[];
    users?: string[];
    quota?: {
      requests?: {
        per_second?: number;
        burst?: number;
        per_day?: number;
      };
      calls?: {
        per_second?: number;
        burst?: number;
        per_day?: number;
      };
    };
    tenant_quota?: {
      requests?: {
        per_second?: number;
        burst?: number;
        per_day?: number;
      };
      calls?: {
        per_second?: number;
        burst?: number;
        per_day?: number;
      };
    };
  };
  CallsRequest: ApiSchemas["CallRequest"] | ApiSchemas["CallRequest"][];
  CompensatedSaga: {
    saga_id: string;
    calls: {
      call_id: string;
      tool: string;
      status: "undone" | "undone_before" | "not_compensable" | "stopped";
      compensation?: {
        call_id: string;
        status: string;
      };
      reason?: string;
    }[];
    done: boolean;
  };
  ConnectCompletion: {
    completion: string;
  };
  ConnectSession: {
    id: string;
    status: "open" | "returned" | "completed" | "failed" | "expired";
    user_id: string;
    integration: string;
    scopes: string[];
    url?: string;
    account?: {
      id: string;
      name?: string;
    };
    connection_id?: string;
    error?: string;
    expires_at: string;
  };
  ConnectSessionRequest: {
    user_id?: string;
    integration: string;
    scopes?: string[];
    return_url?: string;
    connection_id?: string;
    allow_other_account?: boolean;
    label?: string;
  };
  Connection: {
    connection_id: string;
    user_id: string;
    integration: string;
    provider: string;
    state: "active" | "needs_reauth" | "revoking" | "revoked";
    reason?: "refused" | "rotation_lost" | "expired" | "credential_rejected";
    is_default: boolean;
    account?: {
      id: string;
      name?: string;
    };
    label?: string;
    scopes?: string[];
    expires_at?: string;
    reconnect_by?: string;
    last_error?: string;
    connect_url?: string;
    created_at: string;
    refreshed_at?: string;
    last_used_at?: string;
  };
  ConnectionPage: {
    connections: ApiSchemas["Connection"][];
    cursor?: string;
  };
  ContinuedCall: ApiSchemas["AcceptedCall"] | ApiSchemas["Outcome"];
  CreatedKey: {
    id: string;
    tenant_id: string;
    use: "api" | "publisher";
    environment: "dev" | "test" | "live";
    holder: string;
    scopes: ("calls:write" | "calls:read" | "tools:read" | "tools:admin" | "triggers:write" | "triggers:admin" | "dlq:admin" | "limits:read" | "limits:admin" | "switches:admin" | "policies:admin" | "approvals:decide" | "webhooks:admin" | "keys:admin" | "connections:read" | "connections:write" | "connections:admin" | "audit:read" | "audit:admin" | "tenants:admin")[];
    tools?: string[];
    users?: string[];
    expires_at?: string;
    quota?: {
      requests?: {
        per_second?: number;
        burst?: number;
        per_day?: number;
      };
      calls?: {
        per_second?: number;
        burst?: number;
        per_day?: number;
      };
    };
    role: "agent" | "viewer" | "approver" | "author" | "operator" | "owner" | "platform";
    note?: string;
    created_at: string;
    created_by: string;
    replaced_by?: string;
    last_used_at?: string;
    published: boolean;
    key: string;
  };
  DeadCall: {
    call_id: string;
    user_id: string;
    tool: string;
    status: "dead" | "needs_review";
    error: {
      code: string;
      category: "request" | "provider" | "network" | "mesh" | "unknown_effect";
      message: string;
      fix?: string;
      errors?: {
        pointer: string;
        message: string;
      }[];
      conflicts_with?: string;
    };
    answer?: {
      status_code?: number;
      body?: string;
      body_cut?: true;
    };
    attempts: number;
    redrives: number;
    died_at: string;
    tried?: {
      attempt: number;
      at: string;
      kind: "request" | "probe" | "person" | "file";
      evidence: "answered" | "unanswered" | "not_sent" | "absent";
      status_code?: number;
      refused?: true;
      message?: string;
      times?: number;
    }[];
    origin?: {
      topic: string;
      partition: number;
      offset: string;
    };
    arguments?: Record<string, unknown>;
  };
  DeadCallPage: {
    calls: ApiSchemas["DeadCall"][];
    cursor?: string;
  };
  DeletedToolkit: {
    toolkit: string;
    retired: string[];
    withdrawn: {
      count: number;
      tools: string[];
    };
    published: boolean;
  };
  Delivery: {
    id: string;
    trigger: string;
    delivery_id: string;
    state: "received" | "started" | "skipped" | "failed";
    reason?: string;
    detail?: string;
    call_ids: string[];
    replays: number;
    received_at: string;
    updated_at: string;
  };
  DeliveryPage: {
    deliveries: ApiSchemas["Delivery"][];
    cursor?: string;
  };
  EmptyBody: Record<string, never>;
  Erasure: {
    entries: number;
    seq?: number;
  };
  FiredTrigger: {
    trigger_id: string;
    delivery_id?: string;
    trace_id: string;
  };
  FlowAnswer: {
    step: string;
    choice: string;
  };
  FlowList: {
    flows: {
      id: string;
      version: number;
      digest: string;
      trigger: string;
    }[];
  };
  FlowRun: {
    id: string;
    flow: string;
    version: number;
    digest: string;
    user_id: string;
    source: string;
    key: string;
    state: "open" | "succeeded" | "failed" | "cancelled" | "diverged" | "blocked" | "needs_review";
    problem?: {
      code: string;
      message: string;
      step?: string;
      stands?: string[];
      difference?: {
        step: string;
        recorded: string;
        now: string;
      };
    };
    result?: unknown;
    wakes_at?: string;
    started_at: string;
    ended_at?: string;
    steps?: {
      path: string;
      kind: "call" | "value" | "sleep" | "flow" | "ask";
      state: "waiting" | "answered" | "failed";
      about: string;
      call_id?: string;
      due_at?: string;
      error?: {
        code: string;
        message: string;
      };
    }[];
  };
  FlowRunList: {
    runs: ApiSchemas["FlowRun"][];
    cursor?: string;
  };
  FlowStart: {
    key: string;
    input?: unknown;
  };
  Health: {
    status: "ok" | "unavailable";
    problems?: Record<string, string>;
  };
  ImportedToolkit: {
    toolkit: string;
    release?: string;
    isNew: boolean;
    tools: number;
    differences: {
      slug: string;
      was?: string | null;
      is?: string | null;
      kind: "text" | "compatible" | "breaking";
      changes: {
        kind: "text" | "compatible" | "breaking";
        pointer: string;
        message: string;
      }[];
    }[];
    conflicts: {
      slug: string;
      revision: number;
      conflicts: {
        pointer: string;
        message: string;
      }[];
      problems: {
        pointer: string;
        message: string;
      }[];
    }[];
    refused: {
      slug: string;
      problems: {
        pointer: string;
        message: string;
      }[];
    }[];
    stable?: string;
    held?: string;
    published: boolean;
  };
  Integration: {
    integration: string;
    provider: string;
    name: string;
    client_id?: string;
    has_client_secret: boolean;
    scopes: string[];
    serves: string[];
    hosts: string[];
    base_url?: string;
    settings: Record<string, string>;
    return_origins: string[];
    redirect_uri?: string;
    broken?: {
      code: string;
      since: string;
    };
    connections: number;
    updated_at: string;
  };
  IntegrationList: {
    integrations: ApiSchemas["Integration"][];
  };
  IntegrationRequest: {
    provider?: string;
    client_id?: string;
    client_secret?: string;
    scopes?: string[];
    serves?: string[];
    hosts?: string[];
    base_url?: string;
    settings?: Record<string, string>;
    return_origins?: string[];
  };
  Key: {
    id: string;
    tenant_id: string;
    use: "api" | "publisher";
    environment: "dev" | "test" | "live";
    holder: string;
    scopes: ("calls:write" | "calls:read" | "tools:read" | "tools:admin" | "triggers:write" | "triggers:admin" | "dlq:admin" | "limits:read" | "limits:admin" | "switches:admin" | "policies:admin" | "approvals:decide" | "webhooks:admin" | "keys:admin" | "connections:read" | "connections:write" | "connections:admin" | "audit:read" | "audit:admin" | "tenants:admin")[];
    tools?: string[];
    users?: string[];
    expires_at?: string;
    quota?: {
      requests?: {
        per_second?: number;
        burst?: number;
        per_day?: number;
      };
      calls?: {
        per_second?: number;
        burst?: number;
        per_day?: number;
      };
    };
    role: "agent" | "viewer" | "approver" | "author" | "operator" | "owner" | "platform";
    note?: string;
    created_at: string;
    created_by: string;
    replaced_by?: string;
    last_used_at?: string;
    published: boolean;
  };
  KeyList: {
    keys: ApiSchemas["Key"][];
  };
  KeyRequest: {
    use?: "api" | "publisher";
    holder?: string;
    role: "agent" | "viewer" | "approver" | "author" | "operator" | "owner" | "platform";
    scopes?: ("calls:write" | "calls:read" | "tools:read" | "tools:admin" | "triggers:write" | "triggers:admin" | "dlq:admin" | "limits:read" | "limits:admin" | "switches:admin" | "policies:admin" | "approvals:decide" | "webhooks:admin" | "keys:admin" | "connections:read" | "connections:write" | "connections:admin" | "audit:read" | "audit:admin" | "tenants:admin")[];
    tools?: string[];
    users?: string[];
    expires_at?: string;
    quota?: {
      requests?: {
        per_second?: number;
        burst?: number;
        per_day?: number;
      };
      calls?: {
        per_second?: number;
        burst?: number;
        per_day?: number;
      };
    };
    note?: string;
  };
  KeyRotation: {
    overlap_seconds?: number;
  };
  KillSwitch: {
    id: string;
    tenant_id?: string;
    target: {
      type: "tenant";
      value: string;
    } | {
      type: "key";
      value: string;
    } | {
      type: "user";
      value: string;
    } | {
      type: "agent";
      value: string;
    } | {
      type: "tool";
      value: string;
    } | {
      type: "provider";
      value: string;
    };
    reason: string;
    by: string;
    since: string;
    published: boolean;
  };
  KillSwitchList: {
    switches: ApiSchemas["KillSwitch"][];
  };
  KnownCall: ApiSchemas["Call"] | ApiSchemas["AcceptedCall"];
  Limit: {
    policy: {
      id: string;
      match: {
        tenant?: string;
        user?: string;
        provider?: string;
        tool?: string;
      };
      per: "tenant" | "credential" | "provider" | "tool";
      limit: number;
      window: "1s" | "1m" | "1h" | "1d";
      burst?: number;
      max_concurrency?: number;
    };
    source: "code" | "api";
    published: boolean;
  };
  LimitList: {
    limits: ApiSchemas["Limit"][];
  };
  LimitRequest: {
    id: string;
    match: {
      tenant?: string;
      user?: string;
      provider?: string;
      tool?: string;
    };
    per: "tenant" | "credential" | "provider" | "tool";
    limit: number;
    window: "1s" | "1m" | "1h" | "1d";
    burst?: number;
    max_concurrency?: number;
  };
  MetaToolAnswer: {
    status: "succeeded";
    tool: {
      slug: "search_tools" | "describe_tool" | "execute_tool";
    };
    result: {
      tools: {
        name: string;
        version: string;
        toolkit: string;
        description: string;
        effect: "read" | "idempotent" | "keyed" | "probeable" | "opaque";
        token_cost: number;
      }[];
      total: number;
    } | {
      slug: string;
      version: string;
      toolkit: string;
      title: string;
      description: string;
      tags: string[];
      aliases: string[];
      deprecated: boolean;
      provider: string;
      input: Record<string, unknown>;
      output?: Record<string, unknown>;
      examples: {
        description: string;
        arguments: Record<string, unknown>;
      }[];
      effect: "read" | "idempotent" | "keyed" | "probeable" | "opaque";
      effect_source: "declared" | "inferred" | "overridden";
      security: {
        scheme: string;
        kind: "oauth2" | "api_key" | "bearer" | "basic" | "other";
        scopes: string[];
      }[][];
      token_cost: number;
      warnings: {
        code: string;
        pointer: string;
        message: string;
      }[];
      timeout_ms: number;
      validity_ms: number;
    } | {
      slug: string;
      version: string;
      part: string;
      schema: Record<string, unknown>;
    };
  };
  ModelAnswer: {
    type: "function_call_output";
    call_id?: string;
    output: string;
  } | {
    role: "tool";
    tool_call_id?: string;
    content: string;
  } | {
    type: "tool_result";
    tool_use_id?: string;
    content: string;
    is_error: boolean;
  } | {
    functionResponse: {
      id?: string;
      name: string;
      response: {
        output: unknown;
      } | {
        error: unknown;
      };
    };
  } | {
    content: {
      type: "text";
      text: string;
    }[];
    structuredContent?: Record<string, unknown>;
    isError: boolean;
  } | {
    id?: string;
    name: string;
    is_error: boolean;
    result?: unknown;
    error?: unknown;
  };
  OpenApiDocument: {
    openapi: string;
    [name: string]: unknown;
  };
  Outcome: {
    call_id: string;
    duplicate_of?: string;
    replayed: boolean;
    seq: number;
    tenant_id: string;
    user_id: string;
    agent?: {
      id: string;
      run_id?: string;
      step?: number;
      prompt?: {
        id?: string;
        hash?: string;
        url?: string;
      };
    };
    tool: {
      slug: string;
      version?: string;
    };
    status: "succeeded" | "failed" | "cancelled" | "dry_run" | "shadowed" | "waiting" | "indeterminate" | "needs_review" | "dead";
    result?: unknown;
    error?: {
      code: string;
      category: "request" | "provider" | "network" | "mesh" | "unknown_effect";
      message: string;
      fix?: string;
      errors?: {
        pointer: string;
        message: string;
      }[];
      conflicts_with?: string;
    };
    waiting?: {
      reason: "retry" | "retry_budget" | "rate_limited" | "provider_blocked" | "circuit_open" | "concurrency" | "tenant_backlog" | "tool_unknown" | "file" | "probe" | "redrive" | "switched_off" | "awaiting_auth" | "awaiting_approval" | "token_unavailable";
      until?: string;
      scope?: string;
      connect_url?: string;
      missing_scopes?: string[];
      approval?: {
        id: string;
        rule?: string;
        reason: string;
        expires_at: string;
        arguments_digest: string;
      };
    };
    policy?: {
      decision: "allow" | "ask" | "deny";
      rule?: {
        id: string;
        revision: number;
        reason: string;
      };
      explained: string;
      approval?: {
        id: string;
        by: string;
      };
    };
    preview?: {
      request: {
        digest?: string;
        method?: string;
        url?: string;
        headers?: Record<string, string>;
        body?: string;
        body_cut?: true;
        not_shown?: string;
      };
      would?: "send" | "wait" | "fail";
      reason?: string;
      limits?: {
        kind: "rate_limit" | "concurrency" | "circuit_breaker" | "provider_block" | "kill_switch";
        scope: string;
        holds: boolean;
        until?: string;
        limit?: number;
        window?: string;
        max_concurrency?: number;
      }[];
      connection?: {
        connection_id?: string;
        waiting?: {
          reason: "retry" | "retry_budget" | "rate_limited" | "provider_blocked" | "circuit_open" | "concurrency" | "tenant_backlog" | "tool_unknown" | "file" | "probe" | "redrive" | "switched_off" | "awaiting_auth" | "awaiting_approval" | "token_unavailable";
          until?: string;
          scope?: string;
          connect_url?: string;
          missing_scopes?: string[];
          approval?: {
            id: string;
            rule?: string;
            reason: string;
            expires_at: string;
            arguments_digest: string;
          };
        };
        error?: {
          code: string;
          category: "request" | "provider" | "network" | "mesh" | "unknown_effect";
          message: string;
          fix?: string;
          errors?: {
            pointer: string;
            message: string;
          }[];
          conflicts_with?: string;
        };
      };
      policy?: {
        decision: "allow" | "ask" | "deny";
        rule?: {
          id: string;
          revision: number;
          reason: string;
        };
        explained: string;
        approval?: {
          id: string;
          by: string;
        };
      };
    };
    tried?: {
      attempt: number;
      at: string;
      kind: "request" | "probe" | "person" | "file";
      evidence: "answered" | "unanswered" | "not_sent" | "absent";
      status_code?: number;
      refused?: true;
      message?: string;
      times?: number;
    }[];
    circuit_breaker_status?: "closed" | "half_open" | "open";
    connection_id?: string;
    upstream?: {
      status_code: number;
      incomplete?: boolean;
      location?: string;
      next?: Record<string, string>;
      body?: "text" | "binary" | "undecodable";
    };
    attempts: number;
    recovered: boolean;
    redrives?: number;
    compensates?: string;
    compensating_actions?: {
      call_id: string;
      tool: string;
      status: "succeeded" | "failed" | "cancelled" | "dry_run" | "shadowed" | "waiting" | "indeterminate" | "needs_review" | "dead";
    }[];
    resolved_by?: string;
    saga_id?: string;
    received_at?: string;
    at: string;
    ended_at?: string;
    duration_ms: number;
    cut?: {
      bytes: number;
      of_bytes: number;
      fields?: string[];
      missing?: string[];
      places?: {
        pointer: string;
        unit: "items" | "members" | "bytes";
        kept: number;
        of: number;
      }[];
      result_url: string;
    };
    next?: {
      arguments: Record<string, unknown>;
    };
  };
  OutcomePage: {
    outcomes: ApiSchemas["Outcome"][];
    cursor: string;
  };
  OverrideList: {
    overrides: {
      slug: string;
      revision: number;
      state: "proposed" | "approved" | "rejected" | "superseded";
      patch: Record<string, unknown>;
      base: Record<string, unknown>;
      author: string;
      note?: string;
      reviewer?: string;
    }[];
    conflicts: {
      slug: string;
      revision: number;
      conflicts: {
        pointer: string;
        message: string;
      }[];
      problems: {
        pointer: string;
        message: string;
      }[];
    }[];
  };
  OverrideProposal: {
    patch: Record<string, unknown>;
    note?: string;
    [name: string]: unknown;
  };
  Policy: {
    decision: "allow" | "ask" | "deny";
    match: {
      key_id?: string;
      user_id?: string;
      agent_id?: string;
      tool?: string;
      effect_class?: "read" | "idempotent" | "keyed" | "probeable" | "opaque";
      arguments?: ({
        pointer: string;
        items?: "every" | "any";
        op: "equals" | "not_equals";
        value: string | "" | number | boolean | null;
      } | {
        pointer: string;
        items?: "every" | "any";
        op: "in" | "not_in";
        value: (string | "" | number | boolean | null)[];
      } | {
        pointer: string;
        items?: "every" | "any";
        op: "starts_with" | "ends_with";
        value: string;
      } | {
        pointer: string;
        items?: "every" | "any";
        op: "contains" | "not_contains";
        value: string | "" | number | boolean | null;
      } | {
        pointer: string;
        items?: "every" | "any";
        op: "less_than" | "greater_than";
        value: number | string;
      } | {
        pointer: string;
        op: "exists" | "absent";
      })[];
    };
    reason: string;
    expires_after_seconds?: number;
    id: string;
    tenant_id: string;
    created_by: string;
    at: string;
    revision: number;
    published: boolean;
  };
  PolicyExplanation: {
    decision: "allow" | "ask" | "deny";
    explained: string;
    expires_after_seconds?: number;
    matching?: {
      id: string;
      revision: number;
      decision: "allow" | "ask" | "deny";
      reason: string;
      match: {
        key_id?: string;
        user_id?: string;
        agent_id?: string;
        tool?: string;
        effect_class?: "read" | "idempotent" | "keyed" | "probeable" | "opaque";
        arguments?: ({
          pointer: string;
          items?: "every" | "any";
          op: "equals" | "not_equals";
          value: string | "" | number | boolean | null;
        } | {
          pointer: string;
          items?: "every" | "any";
          op: "in" | "not_in";
          value: (string | "" | number | boolean | null)[];
        } | {
          pointer: string;
          items?: "every" | "any";
          op: "starts_with" | "ends_with";
          value: string;
        } | {
          pointer: string;
          items?: "every" | "any";
          op: "contains" | "not_contains";
          value: string | "" | number | boolean | null;
        } | {
          pointer: string;
          items?: "every" | "any";
          op: "less_than" | "greater_than";
          value: number | string;
        } | {
          pointer: string;
          op: "exists" | "absent";
        })[];
      };
    }[];
  };
  PolicyList: {
    policies: ApiSchemas["Policy"][];
  };
  PolicyQuestion: {
    user_id: string;
    key_id?: string;
    agent_id?: string;
    tool: string;
    effect_class?: "read" | "idempotent" | "keyed" | "probeable" | "opaque";
    arguments?: Record<string, unknown>;
  };
  PolicyRequest: {
    decision: "allow" | "ask" | "deny";
    match: {
      key_id?: string;
      user_id?: string;
      agent_id?: string;
      tool?: string;
      effect_class?: "read" | "idempotent" | "keyed" | "probeable" | "opaque";
      arguments?: ({
        pointer: string;
        items?: "every" | "any";
        op: "equals" | "not_equals";
        value: string | "" | number | boolean | null;
      } | {
        pointer: string;
        items?: "every" | "any";
        op: "in" | "not_in";
        value: (string | "" | number | boolean | null)[];
      } | {
        pointer: string;
        items?: "every" | "any";
        op: "starts_with" | "ends_with";
        value: string;
      } | {
        pointer: string;
        items?: "every" | "any";
        op: "contains" | "not_contains";
        value: string | "" | number | boolean | null;
      } | {
        pointer: string;
        items?: "every" | "any";
        op: "less_than" | "greater_than";
        value: number | string;
      } | {
        pointer: string;
        op: "exists" | "absent";
      })[];
    };
    reason: string;
    expires_after_seconds?: number;
    revision?: number;
  };
  Problem: {
    type: string;
    title: string;
    status: number;
    detail: string;
    code: string;
    fix?: string;
    errors?: {
      pointer: string;
      message: string;
      code?: string;
      expected?: string;
      given?: string;
    }[];
    retry_after?: number;
    call_id?: string;
    trace_id?: string;
    conflicts_with?: string;
    scope?: "calls:write" | "calls:read" | "tools:read" | "tools:admin" | "triggers:write" | "triggers:admin" | "dlq:admin" | "limits:read" | "limits:admin" | "switches:admin" | "policies:admin" | "approvals:decide" | "webhooks:admin" | "keys:admin" | "connections:read" | "connections:write" | "connections:admin" | "audit:read" | "audit:admin" | "tenants:admin";
    decision?: {
      by: string;
      at: string;
      note?: string;
    };
    switch_id?: string;
  };
  Provider: {
    provider: string;
    name: string;
    kind: "oauth2" | "client_credentials" | "fields";
    hosts: string[];
    scopes: string[];
    settings: {
      name: string;
      label: string;
      required: boolean;
      example?: string;
    }[];
    fields: {
      name: string;
      label: string;
      secret: boolean;
    }[];
    sources: {
      url: string;
      checked: string;
    }[];
  };
  ProviderList: {
    providers: ApiSchemas["Provider"][];
  };
  ProxyRequest: {
    call_id?: string;
    user_id: string;
    agent?: {
      id: string;
      run_id?: string;
      session_id?: string;
      step?: number;
      thought?: string;
      prompt?: {
        id?: string;
        hash?: string;
        url?: string;
      };
    };
    connection_id?: string;
    scope?: string;
    occurrence?: string;
    idempotency_key?: string;
    saga_id?: string;
    mode?: "live" | "dry_run" | "shadow";
    deadline?: string;
    method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
    path: string;
    query?: Record<string, (string | number | boolean) | (string | number | boolean)[]>;
    headers?: Record<string, string>;
    body?: unknown;
    effect?: "read" | "idempotent" | "opaque";
  };
  RedeliveredWebhooks: {
    redelivered: number;
    has_more: boolean;
    next_from?: string;
  };
  RedriveOne: {
    redrive_id?: string;
  };
  RedriveReport: {
    redrive_id: string;
    dry_run: boolean;
    matched: number;
    redriven: {
      count: number;
      call_ids: string[];
    };
    needs_verdict: {
      count: number;
      call_ids: string[];
    };
    already_redriven: {
      count: number;
      call_ids: string[];
    };
    not_dead: {
      count: number;
      call_ids: string[];
    };
    more: boolean;
  };
  RedriveRequest: {
    redrive_id?: string;
    call_ids?: string[];
    filter?: {
      status?: "dead" | "needs_review";
      tool?: string;
      user_id?: string;
      error_code?: string;
      died_after?: string;
      died_before?: string;
    };
    dry_run?: boolean;
    per_second?: number;
  };
  RefusedRecordPage: {
    records: {
      origin: {
        topic: string;
        partition: number;
        offset: string;
      };
      call_id?: string;
      code: string;
      message: string;
      refused_at: string;
    }[];
    cursor?: string;
  };
  ResourceMetadata: {
    resource: string;
    authorization_servers: string[];
    scopes_supported: string[];
    bearer_methods_supported: string[];
    resource_name: string;
  };
  ReviewedOverride: {
    override: {
      slug: string;
      revision: number;
      state: "proposed" | "approved" | "rejected" | "superseded";
      patch: Record<string, unknown>;
      base: Record<string, unknown>;
      author: string;
      note?: string;
      reviewer?: string;
    };
    differences: {
      slug: string;
      was?: string | null;
      is?: string | null;
      kind: "text" | "compatible" | "breaking";
      changes: {
        kind: "text" | "compatible" | "breaking";
        pointer: string;
        message: string;
      }[];
    }[];
    release?: string;
    stable?: string;
    held?: string;
    conflicts: {
      slug: string;
      revision: number;
      conflicts: {
        pointer: string;
        message: string;
      }[];
      problems: {
        pointer: string;
        message: string;
      }[];
    }[];
  };
  RpcAnswer: {
    jsonrpc: "2.0";
    id?: string | number | null;
    result?: Record<string, unknown>;
    error?: {
      code: number;
      message: string;
      [name: string]: unknown;
    };
    [name: string]: unknown;
  };
  RpcMessage: {
    jsonrpc: "2.0";
    id?: string | number;
    method: string;
    params?: Record<string, unknown>;
    [name: string]: unknown;
  };
  RunStory: {
    run_id: string;
    calls: ApiSchemas["CallStory"][];
    cursor?: string;
  };
  StableMove: {
    version: string;
    [name: string]: unknown;
  };
  StartedFlowRun: {
    id: string;
    flow: string;
    version: number;
    is_new: boolean;
  };
  SubmittedCalls: ApiSchemas["AcceptedCall"] | ApiSchemas["Outcome"] | (ApiSchemas["AcceptedCall"] | {
    status: "refused";
    problem: ApiSchemas["Problem"];
  })[];
  SwitchRequest: {
    target: {
      type: "tenant";
      value: string;
    } | {
      type: "key";
      value: string;
    } | {
      type: "user";
      value: string;
    } | {
      type: "agent";
      value: string;
    } | {
      type: "tool";
      value: string;
    } | {
      type: "provider";
      value: string;
    };
    reason: string;
    reach?: "tenant" | "mesh";
  };
  TakenDelivery: {
    delivery_id: string;
    repeated: boolean;
    trace_id: string;
  };
  Tenant: {
    id: string;
    quota?: {
      requests?: {
        per_second?: number;
        burst?: number;
        per_day?: number;
      };
      calls?: {
        per_second?: number;
        burst?: number;
        per_day?: number;
      };
    };
    issuers: {
      issuer: string;
      jwks_url?: string;
      key_ids: string[];
      read_at?: string;
      problem?: string;
      left_out: string[];
    }[];
    created_at: string;
    published: boolean;
  };
  TenantList: {
    tenants: ApiSchemas["Tenant"][];
  };
  TenantRequest: {
    quota?: {
      requests?: {
        per_second?: number;
        burst?: number;
        per_day?: number;
      };
      calls?: {
        per_second?: number;
        burst?: number;
        per_day?: number;
      };
    };
    issuers?: {
      issuer: string;
      keys?: {
        kty: "RSA" | "EC" | "OKP";
        kid?: string;
        alg: "RS256" | "PS256" | "ES256" | "EdDSA";
        [name: string]: unknown;
      }[];
      jwks_url?: string;
    }[];
  };
  ToolCallRequest: {
    call_id?: string;
    user_id: string;
    agent?: {
      id: string;
      run_id?: string;
      session_id?: string;
      step?: number;
      thought?: string;
      prompt?: {
        id?: string;
        hash?: string;
        url?: string;
      };
    };
    arguments: Record<string, unknown>;
    connection_id?: string;
    scope?: string;
    occurrence?: string;
    idempotency_key?: string;
    saga_id?: string;
    mode?: "live" | "dry_run" | "shadow";
    deadline?: string;
    version?: string | ("stable" | "latest");
  };
  ToolChanges: {
    changes: {
      slug: string;
      was?: string | null;
      is?: string | null;
      kind: "text" | "compatible" | "breaking";
      changes: {
        kind: "text" | "compatible" | "breaking";
        pointer: string;
        message: string;
      }[];
    }[];
  };
  ToolList: {
    tools: Record<string, unknown>[];
    total: number;
    token_cost: number;
    differences?: Record<string, unknown>[];
    cursor?: string;
  };
  ToolVersions: {
    slug: string;
    version: string;
    toolkit: string;
    title: string;
    description: string;
    tags: string[];
    aliases: string[];
    deprecated: boolean;
    provider: string;
    input: Record<string, unknown>;
    output?: Record<string, unknown>;
    examples: {
      description: string;
      arguments: Record<string, unknown>;
    }[];
    effect: "read" | "idempotent" | "keyed" | "probeable" | "opaque";
    effect_source: "declared" | "inferred" | "overridden";
    security: {
      scheme: string;
      kind: "oauth2" | "api_key" | "bearer" | "basic" | "other";
      scopes: string[];
    }[][];
    token_cost: number;
    warnings: {
      code: string;
      pointer: string;
      message: string;
    }[];
    timeout_ms: number;
    validity_ms: number;
    versions: string[];
    toolkit_versions: string[];
  };
  Toolkit: {
    toolkit: string;
    origin: string;
    stable: string | null;
    latest: string | null;
    tools: number;
    token_cost: number;
    source?: {
      document: string;
      title: string;
      digest: string;
      [name: string]: unknown;
    };
    versions: string[];
    proposed: number;
    published?: boolean;
  };
  ToolkitImport: {
    source: Record<string, unknown>;
    tools: {
      slug: string;
      [name: string]: unknown;
    }[];
    [name: string]: unknown;
  };
  ToolkitList: {
    toolkits: ApiSchemas["Toolkit"][];
  };
  Trigger: {
    trigger: string;
    scheme: "standard_webhooks" | "stripe" | "slack" | "github" | "hubspot" | "shopify" | "hmac" | "api_key";
    tolerance_seconds?: number;
    hmac?: {
      header: string;
      algorithm?: "sha256" | "sha512";
      encoding?: "hex" | "base64";
      prefix?: string;
      timestamp_header?: string;
      id_header?: string;
      signed?: ({
        text: string;
      } | ("body" | "timestamp" | "id" | "method" | "url" | "path"))[];
    };
    headers?: string[];
    user_id?: string;
    calls?: {
      when?: string;
      for_each?: string;
      tool: string;
      version?: string | ("stable" | "latest");
      arguments: string;
      user_id?: string;
      agent?: {
        id: string;
        session_id?: string;
        thought?: string;
        prompt?: {
          id?: string;
          hash?: string;
          url?: string;
        };
      };
    }[];
    schedule?: {
      cron: string;
      time_zone: string;
      payload?: Record<string, unknown>;
    };
    note?: string;
    url?: string;
    secrets: {
      id: string;
      created_at: string;
      expires_at?: string;
    }[];
    secret?: string;
    published: boolean;
    next_at?: string;
    created_at: string;
    updated_at: string;
    updated_by: string;
  };
  TriggerList: {
    triggers: ApiSchemas["Trigger"][];
  };
  TriggerPayload: unknown;
  TriggerRequest: {
    scheme: "standard_webhooks" | "stripe" | "slack" | "github" | "hubspot" | "shopify" | "hmac" | "api_key";
    tolerance_seconds?: number;
    hmac?: {
      header: string;
      algorithm?: "sha256" | "sha512";
      encoding?: "hex" | "base64";
      prefix?: string;
      timestamp_header?: string;
      id_header?: string;
      signed?: ({
        text: string;
      } | ("body" | "timestamp" | "id" | "method" | "url" | "path"))[];
    };
    headers?: string[];
    user_id?: string;
    calls?: {
      when?: string;
      for_each?: string;
      tool: string;
      version?: string | ("stable" | "latest");
      arguments: string;
      user_id?: string;
      agent?: {
        id: string;
        session_id?: string;
        thought?: string;
        prompt?: {
          id?: string;
          hash?: string;
          url?: string;
        };
      };
    }[];
    schedule?: {
      cron: string;
      time_zone: string;
      payload?: Record<string, unknown>;
    };
    note?: string;
    secrets?: string[];
  };
  TriggerSecretRotation: {
    secret?: string;
    overlap_seconds?: number;
  };
  Verification: {
    intact: boolean;
    verified_from: number;
    verified_to: number;
    complete: boolean;
    pruned_to?: number;
    problem?: {
      seq: number;
      code: string;
      message: string;
    };
  };
  WaitingPage: {
    calls: {
      reason: "retry" | "retry_budget" | "rate_limited" | "provider_blocked" | "circuit_open" | "concurrency" | "tenant_backlog" | "tool_unknown" | "file" | "probe" | "redrive" | "switched_off" | "awaiting_auth" | "awaiting_approval" | "token_unavailable";
      until?: string;
      scope?: string;
      connect_url?: string;
      missing_scopes?: string[];
      approval?: {
        id: string;
        rule?: string;
        reason: string;
        expires_at: string;
        arguments_digest: string;
      };
      call_id: string;
      user_id: string;
      tool: string;
      since: string;
    }[];
    cursor?: string;
  };
  WebhookDelivery: {
    id: string;
    endpoint_id: string;
    type: string;
    call_id?: string;
    status: "pending" | "delivered" | "failed" | "skipped";
    attempts: number;
    next_attempt_at?: string;
    last_attempt_at?: string;
    last_status_code?: number;
    last_error?: string;
    created_at: string;
    ended_at?: string;
  };
  WebhookDeliveryPage: {
    deliveries: ApiSchemas["WebhookDelivery"][];
    cursor?: string;
  };
  WebhookEndpoint: {
    id: string;
    url: string;
    description?: string;
    filter: {
      users?: string[];
      agents?: string[];
      runs?: string[];
      triggers?: string[];
      tools?: string[];
      statuses?: ("succeeded" | "failed" | "cancelled" | "dry_run" | "shadowed" | "waiting" | "indeterminate" | "needs_review" | "dead")[];
    };
    status: "enabled" | "disabled";
    disabled?: {
      reason: "gone" | "failing";
      at: string;
    };
    failing_since?: string;
    last_failure?: string;
    last_delivered_at?: string;
    former_secret_until?: string;
    created_by: string;
    created_at: string;
    updated_at: string;
  };
  WebhookEndpointList: {
    endpoints: ApiSchemas["WebhookEndpoint"][];
  };
  WebhookEndpointRequest: {
    url: string;
    description?: string;
    filter?: {
      users?: string[];
      agents?: string[];
      runs?: string[];
      triggers?: string[];
      tools?: string[];
      statuses?: ("succeeded" | "failed" | "cancelled" | "dry_run" | "shadowed" | "waiting" | "indeterminate" | "needs_review" | "dead")[];
    };
  };
  WebhookRedelivery: {
    from: string;
    to?: string;
    statuses?: ("delivered" | "failed" | "skipped")[];
  };
  WebhookRotation: {
    overlap_seconds?: number;
  };
  WebhookSecret: {
    id: string;
    url: string;
    description?: string;
    filter: {
      users?: string[];
      agents?: string[];
      runs?: string[];
      triggers?: string[];
      tools?: string[];
      statuses?: ("succeeded" | "failed" | "cancelled" | "dry_run" | "shadowed" | "waiting" | "indeterminate" | "needs_review" | "dead")[];
    };
    status: "enabled" | "disabled";
    disabled?: {
      reason: "gone" | "failing";
      at: string;
    };
    failing_since?: string;
    last_failure?: string;
    last_delivered_at?: string;
    former_secret_until?: string;
    created_by: string;
    created_at: string;
    updated_at: string;
    secret: string;
  };
}

/** The query of each operation. */
export interface ApiQueries {
  executeTool: {
    form?: "mesh" | "plain" | "mcp" | "openai" | "openai_chat" | "anthropic" | "gemini";
    tool_call_id?: string;
    fields?: string;
    max_bytes?: number;
  };
  submitCalls: {
    form?: "mesh" | "plain" | "mcp" | "openai" | "openai_chat" | "anthropic" | "gemini";
    fields?: string;
    max_bytes?: number;
  };
  listCalls: {
    user_id?: string;
    agent_id?: string;
    run_id?: string;
    tool?: string;
    status?: "succeeded" | "failed" | "cancelled" | "dry_run" | "shadowed" | "waiting" | "indeterminate" | "needs_review" | "dead" | "running";
    error_code?: string;
    received_after?: string;
    received_before?: string;
    limit?: number;
    cursor?: string;
  };
  findCall: {
    form?: "mesh" | "plain" | "mcp" | "openai" | "openai_chat" | "anthropic" | "gemini";
    tool_call_id?: string;
    fields?: string;
    max_bytes?: number;
  };
  compareCalls: {
    with: string;
  };
  readOutcomes: {
    user_id?: string;
    run_id?: string;
    call_id?: string | string[];
    tool?: string;
    status?: string | string[];
    after?: string;
    wait?: string;
    limit?: number;
  };
  listApprovals: {
    limit?: number;
    cursor?: string;
    status?: "pending" | "approved" | "rejected" | "expired" | "closed" | "any";
    user_id?: string;
    tool?: string;
  };
  listWaiting: {
    limit?: number;
    cursor?: string;
    reason?: "retry" | "retry_budget" | "rate_limited" | "provider_blocked" | "circuit_open" | "concurrency" | "tenant_backlog" | "tool_unknown" | "file" | "probe" | "redrive" | "switched_off" | "awaiting_auth" | "awaiting_approval" | "token_unavailable";
    user_id?: string;
    tool?: string;
  };
  listDead: {
    status?: "dead" | "needs_review";
    tool?: string;
    user_id?: string;
    error_code?: string;
    died_after?: string;
    died_before?: string;
    limit?: number;
    cursor?: string;
  };
  listRefused: {
    limit?: number;
    cursor?: string;
  };
  listTools: {
    query?: string;
    provider?: string;
    toolkit?: string;
    tag?: string;
    effect?: "read" | "idempotent" | "keyed" | "probeable" | "opaque";
    connection?: "needed" | "not_needed" | "connected" | "missing";
    user_id?: string;
    limit?: number;
    cursor?: string;
    form?: "mesh" | "plain" | "mcp" | "openai" | "openai_chat" | "anthropic" | "gemini";
    meta?: "true" | "false";
  };
  findTool: {
    version?: string | ("stable" | "latest");
  };
  removeToolkit: {
    confirm?: string;
  };
  compareToolkit: {
    from?: string;
    to?: string;
  };
  listDeliveries: {
    state?: "received" | "started" | "skipped" | "failed";
    limit?: number;
    cursor?: string;
  };
  removePolicy: {
    revision?: string;
  };
  listWebhookDeliveries: {
    status?: "pending" | "delivered" | "failed" | "skipped";
    call_id?: string;
    limit?: number;
    cursor?: string;
  };
  listEntries: {
    user_id?: string;
    agent_id?: string;
    run_id?: string;
    call_id?: string;
    trace_id?: string;
    tool?: string;
    kind?: "call.accepted" | "call.submitted" | "call.succeeded" | "call.failed" | "call.cancelled" | "call.dry_run" | "call.shadowed" | "call.waiting" | "call.indeterminate" | "call.needs_review" | "call.dead" | "call.compensated" | "connection.created" | "connection.refreshed" | "connection.refresh_failed" | "connection.needs_reauth" | "connection.recovered" | "connection.made_default" | "connection.revoked" | "trigger.fired" | "webhook_endpoint.disabled" | "administration.intent" | "administration.result" | "record.refused" | "record.unreadable" | "person.erased" | "history.pruned";
    status?: string;
    error_category?: string;
    from?: string;
    to?: string;
    limit?: number;
    cursor?: string;
  };
  tellRun: {
    limit?: number;
    cursor?: number;
  };
  verifyHistory: {
    after?: number;
    limit?: number;
  };
  exportHistory: {
    format?: "jsonl" | "parquet";
  };
  listFlowRuns: {
    flow?: string;
    state?: "open" | "succeeded" | "failed" | "cancelled" | "diverged" | "blocked" | "needs_review";
    limit?: number;
    cursor?: string;
  };
  findConnectSession: {
    wait?: string;
  };
  removeIntegration: {
    with_connections?: "true" | "false";
  };
  listConnections: {
    user_id?: string;
    integration?: string;
    limit?: number;
    cursor?: string;
  };
}

/** The body of each operation. */
export interface ApiBodies {
  executeTool: ApiSchemas["ToolCallRequest"];
  submitCalls: ApiSchemas["CallsRequest"];
  cancelCall: ApiSchemas["CallCancellation"];
  approveCall: ApiSchemas["ApprovalDecision"];
  rejectCall: ApiSchemas["ApprovalDecision"];
  resolveCall: ApiSchemas["CallVerdict"];
  rescheduleCall: ApiSchemas["CallReschedule"];
  redriveCalls: ApiSchemas["RedriveRequest"];
  redriveCall: ApiSchemas["RedriveOne"];
  correctCall: ApiSchemas["CallCorrection"];
  importToolkit: ApiSchemas["ToolkitImport"];
  setStable: ApiSchemas["StableMove"];
  proposeOverride: ApiSchemas["OverrideProposal"];
  approveOverride: ApiSchemas["EmptyBody"];
  rejectOverride: ApiSchemas["EmptyBody"];
  putLimit: ApiSchemas["LimitRequest"];
  fireTrigger: ApiSchemas["TriggerPayload"];
  putTrigger: ApiSchemas["TriggerRequest"];
  rotateTriggerSecret: ApiSchemas["TriggerSecretRotation"];
  createKey: ApiSchemas["KeyRequest"];
  rotateKey: ApiSchemas["KeyRotation"];
  turnOnSwitch: ApiSchemas["SwitchRequest"];
  putPolicy: ApiSchemas["PolicyRequest"];
  explainPolicies: ApiSchemas["PolicyQuestion"];
  createWebhookEndpoint: ApiSchemas["WebhookEndpointRequest"];
  putWebhookEndpoint: ApiSchemas["WebhookEndpointRequest"];
  rotateWebhookSecret: ApiSchemas["WebhookRotation"];
  redeliverWebhooks: ApiSchemas["WebhookRedelivery"];
  startFlow: ApiSchemas["FlowStart"];
  answerFlowRun: ApiSchemas["FlowAnswer"];
  createConnectSession: ApiSchemas["ConnectSessionRequest"];
  completeConnectSession: ApiSchemas["ConnectCompletion"];
  putIntegration: ApiSchemas["IntegrationRequest"];
  proxyRequest: ApiSchemas["ProxyRequest"];
  putTenant: ApiSchemas["TenantRequest"];
  createTenantKey: ApiSchemas["KeyRequest"];
}

/** The JSON that each operation answers when it succeeds. */
export interface ApiAnswers {
  readOpenApi: ApiSchemas["OpenApiDocument"];
  executeTool: (ApiSchemas["CalledTool"] | ApiSchemas["ModelAnswer"]) | (ApiSchemas["ContinuedCall"] | ApiSchemas["ModelAnswer"]);
  submitCalls: ApiSchemas["Outcome"] | ApiSchemas["SubmittedCalls"];
  listCalls: ApiSchemas["CallPage"];
  findCall: ApiSchemas["KnownCall"] | ApiSchemas["ModelAnswer"];
  compareCalls: ApiSchemas["CallComparison"];
  findAttempts: ApiSchemas["CallAttempts"];
  findResult: undefined;
  readOutcomes: ApiSchemas["OutcomePage"];
  cancelCall: ApiSchemas["Call"];
  compensateCall: ApiSchemas["Outcome"] | ApiSchemas["ContinuedCall"];
  compensateSaga: ApiSchemas["CompensatedSaga"];
  listApprovals: ApiSchemas["ApprovalPage"];
  findApproval: ApiSchemas["Approval"];
  approveCall: ApiSchemas["Approval"];
  rejectCall: ApiSchemas["Approval"];
  listWaiting: ApiSchemas["WaitingPage"];
  listDead: ApiSchemas["DeadCallPage"];
  findDead: ApiSchemas["DeadCall"];
  resolveCall: ApiSchemas["Call"];
  rescheduleCall: ApiSchemas["Call"];
  redriveCalls: ApiSchemas["RedriveReport"];
  redriveCall: ApiSchemas["RedriveReport"];
  correctCall: ApiSchemas["Outcome"] | ApiSchemas["ContinuedCall"];
  listRefused: ApiSchemas["RefusedRecordPage"];
  listTools: ApiSchemas["ToolList"];
  findTool: ApiSchemas["ToolVersions"];
  listToolkits: ApiSchemas["ToolkitList"];
  findToolkit: ApiSchemas["Toolkit"];
  importToolkit: ApiSchemas["ImportedToolkit"];
  removeToolkit: ApiSchemas["DeletedToolkit"];
  compareToolkit: ApiSchemas["ToolChanges"];
  setStable: ApiSchemas["Toolkit"];
  retireToolkit: ApiSchemas["Toolkit"];
  listOverrides: ApiSchemas["OverrideList"];
  proposeOverride: ApiSchemas["ReviewedOverride"];
  approveOverride: ApiSchemas["ReviewedOverride"];
  rejectOverride: ApiSchemas["ReviewedOverride"];
  listLimits: ApiSchemas["LimitList"];
  putLimit: ApiSchemas["Limit"];
  removeLimit: undefined;
  listBreakers: ApiSchemas["Breakers"];
  fireTrigger: ApiSchemas["FiredTrigger"];
  listTriggers: ApiSchemas["TriggerList"];
  findTrigger: ApiSchemas["Trigger"];
  putTrigger: ApiSchemas["Trigger"];
  removeTrigger: undefined;
  rotateTriggerSecret: ApiSchemas["Trigger"];
  listDeliveries: ApiSchemas["DeliveryPage"];
  replayDelivery: ApiSchemas["Delivery"];
  listKeys: ApiSchemas["KeyList"];
  createKey: ApiSchemas["CreatedKey"];
  findKey: ApiSchemas["Key"];
  revokeKey: undefined;
  rotateKey: ApiSchemas["CreatedKey"];
  whoAmI: ApiSchemas["Caller"];
  listSwitches: ApiSchemas["KillSwitchList"];
  turnOnSwitch: ApiSchemas["KillSwitch"];
  liftSwitch: undefined;
  listPolicies: ApiSchemas["PolicyList"];
  findPolicy: ApiSchemas["Policy"];
  putPolicy: ApiSchemas["Policy"];
  removePolicy: undefined;
  explainPolicies: ApiSchemas["PolicyExplanation"];
  listWebhookEndpoints: ApiSchemas["WebhookEndpointList"];
  createWebhookEndpoint: ApiSchemas["WebhookSecret"];
  findWebhookEndpoint: ApiSchemas["WebhookEndpoint"];
  putWebhookEndpoint: ApiSchemas["WebhookEndpoint"];
  removeWebhookEndpoint: undefined;
  testWebhookEndpoint: ApiSchemas["WebhookDelivery"];
  rotateWebhookSecret: ApiSchemas["WebhookSecret"];
  enableWebhookEndpoint: ApiSchemas["WebhookEndpoint"];
  redeliverWebhooks: ApiSchemas["RedeliveredWebhooks"];
  listWebhookDeliveries: ApiSchemas["WebhookDeliveryPage"];
  redeliverWebhook: ApiSchemas["WebhookDelivery"];
  listEntries: ApiSchemas["AuditPage"];
  tellCall: ApiSchemas["CallStory"];
  tellRun: ApiSchemas["RunStory"];
  readCheckpoint: ApiSchemas["AuditCheckpoint"];
  verifyHistory: ApiSchemas["Verification"];
  exportHistory: undefined;
  eraseUser: ApiSchemas["Erasure"];
  listFlows: ApiSchemas["FlowList"];
  startFlow: ApiSchemas["StartedFlowRun"];
  listFlowRuns: ApiSchemas["FlowRunList"];
  findFlowRun: ApiSchemas["FlowRun"];
  resumeFlowRun: ApiSchemas["FlowRun"];
  cancelFlowRun: ApiSchemas["FlowRun"];
  answerFlowRun: ApiSchemas["FlowRun"];
  createConnectSession: ApiSchemas["ConnectSession"];
  findConnectSession: ApiSchemas["ConnectSession"];
  completeConnectSession: ApiSchemas["ConnectSession"];
  listProviders: ApiSchemas["ProviderList"];
  findProvider: ApiSchemas["Provider"];
  listIntegrations: ApiSchemas["IntegrationList"];
  findIntegration: ApiSchemas["Integration"];
  putIntegration: ApiSchemas["Integration"];
  removeIntegration: undefined;
  listConnections: ApiSchemas["ConnectionPage"];
  findConnection: ApiSchemas["Connection"];
  disconnect: undefined;
  setDefaultConnection: ApiSchemas["Connection"];
  proxyRequest: ApiSchemas["Outcome"] | ApiSchemas["ContinuedCall"];
  listTenants: ApiSchemas["TenantList"];
  findTenant: ApiSchemas["Tenant"];
  putTenant: ApiSchemas["Tenant"];
  removeTenant: undefined;
  createTenantKey: ApiSchemas["CreatedKey"];
}

/** The method and the address of each operation. */
export const apiRoutes = {
  /** Fetch the OpenAPI document of the gateway. */
  readOpenApi: { method: 'GET', path: '/v1/openapi.json' },
  /** Run a tool and wait for its outcome. */
  executeTool: { method: 'POST', path: '/v1/tools/{slug}/execute' },
  /** Submit one call or many. */
  submitCalls: { method: 'POST', path: '/v1/calls' },
  /** List calls. */
  listCalls: { method: 'GET', path: '/v1/calls' },
  /** Show a call. */
  findCall: { method: 'GET', path: '/v1/calls/{id}' },
  /** Compare two calls. */
  compareCalls: { method: 'GET', path: '/v1/calls/{id}/comparison' },
  /** Show the attempts of a call. */
  findAttempts: { method: 'GET', path: '/v1/calls/{id}/attempts' },
  /** Fetch the result of a call. */
  findResult: { method: 'GET', path: '/v1/calls/{id}/result' },
  /** Read outcomes as they come. */
  readOutcomes: { method: 'GET', path: '/v1/outcomes' },
  /** Cancel a call. */
  cancelCall: { method: 'POST', path: '/v1/calls/{id}/cancel' },
  /** Undo a call. */
  compensateCall: { method: 'POST', path: '/v1/calls/{id}/compensate' },
  /** Undo the calls of a saga. */
  compensateSaga: { method: 'POST', path: '/v1/sagas/{id}/compensate' },
  /** List approvals that policies ask for. */
  listApprovals: { method: 'GET', path: '/v1/approvals' },
  /** Show an approval with its arguments. */
  findApproval: { method: 'GET', path: '/v1/approvals/{id}' },
  /** Approve a call. */
  approveCall: { method: 'POST', path: '/v1/approvals/{id}/approve' },
  /** Reject a call. */
  rejectCall: { method: 'POST', path: '/v1/approvals/{id}/reject' },
  /** List calls that wait. */
  listWaiting: { method: 'GET', path: '/v1/waiting' },
  /** List calls that need a person. */
  listDead: { method: 'GET', path: '/v1/dead-letters' },
  /** Show a call that needs a person. */
  findDead: { method: 'GET', path: '/v1/dead-letters/{id}' },
  /** Decide how a call ended. */
  resolveCall: { method: 'POST', path: '/v1/calls/{id}/resolve' },
  /** Move a waiting call. */
  rescheduleCall: { method: 'POST', path: '/v1/calls/{id}/reschedule' },
  /** Run dead calls again. */
  redriveCalls: { method: 'POST', path: '/v1/dead-letters/redrive' },
  /** Run a dead call again. */
  redriveCall: { method: 'POST', path: '/v1/dead-letters/{id}/redrive' },
  /** Replace a dead call by a correct one. */
  correctCall: { method: 'POST', path: '/v1/dead-letters/{id}/correct' },
  /** List refused records of the ingress. */
  listRefused: { method: 'GET', path: '/v1/refused-records' },
  /** List tools, or search them. */
  listTools: { method: 'GET', path: '/v1/tools' },
  /** Show a tool. */
  findTool: { method: 'GET', path: '/v1/tools/{slug}' },
  /** List toolkits. */
  listToolkits: { method: 'GET', path: '/v1/toolkits' },
  /** Show a toolkit. */
  findToolkit: { method: 'GET', path: '/v1/toolkits/{toolkit}' },
  /** Import a toolkit. */
  importToolkit: { method: 'PUT', path: '/v1/toolkits/{toolkit}' },
  /** Remove a toolkit. */
  removeToolkit: { method: 'DELETE', path: '/v1/toolkits/{toolkit}' },
  /** Compare two dates of a toolkit. */
  compareToolkit: { method: 'GET', path: '/v1/toolkits/{toolkit}/changes' },
  /** Move the channel stable. */
  setStable: { method: 'PUT', path: '/v1/toolkits/{toolkit}/stable' },
  /** Retire a date of a toolkit. */
  retireToolkit: { method: 'DELETE', path: '/v1/toolkits/{toolkit}/versions/{version}' },
  /** List overrides of tools. */
  listOverrides: { method: 'GET', path: '/v1/toolkits/{toolkit}/overrides' },
  /** Propose an override. */
  proposeOverride: { method: 'POST', path: '/v1/toolkits/{toolkit}/tools/{slug}/overrides' },
  /** Approve an override of another person. */
  approveOverride: { method: 'POST', path: '/v1/toolkits/{toolkit}/tools/{slug}/overrides/{revision}/approve' },
  /** Reject an override. */
  rejectOverride: { method: 'POST', path: '/v1/toolkits/{toolkit}/tools/{slug}/overrides/{revision}/reject' },
  /** List limits. */
  listLimits: { method: 'GET', path: '/v1/limits' },
  /** Set a limit. */
  putLimit: { method: 'PUT', path: '/v1/limits/{id}' },
  /** Remove a limit. */
  removeLimit: { method: 'DELETE', path: '/v1/limits/{id}' },
  /** List breakers. */
  listBreakers: { method: 'GET', path: '/v1/breakers' },
  /** Report an event from outside. */
  fireTrigger: { method: 'POST', path: '/v1/hooks/{trigger}' },
  /** List triggers. */
  listTriggers: { method: 'GET', path: '/v1/triggers' },
  /** Show a trigger. */
  findTrigger: { method: 'GET', path: '/v1/triggers/{trigger}' },
  /** Declare a trigger. */
  putTrigger: { method: 'PUT', path: '/v1/triggers/{trigger}' },
  /** Remove a trigger. */
  removeTrigger: { method: 'DELETE', path: '/v1/triggers/{trigger}' },
  /** Replace the secret of a trigger, with an overlap. */
  rotateTriggerSecret: { method: 'POST', path: '/v1/triggers/{trigger}/rotate-secret' },
  /** List deliveries of a trigger. */
  listDeliveries: { method: 'GET', path: '/v1/triggers/{trigger}/deliveries' },
  /** Try a failed delivery again. */
  replayDelivery: { method: 'POST', path: '/v1/triggers/{trigger}/deliveries/{id}/replay' },
  /** List keys and publisher tokens. */
  listKeys: { method: 'GET', path: '/v1/keys' },
  /** Create a key or a publisher token. */
  createKey: { method: 'POST', path: '/v1/keys' },
  /** Show a key without its secret. */
  findKey: { method: 'GET', path: '/v1/keys/{id}' },
  /** Revoke a key. */
  revokeKey: { method: 'DELETE', path: '/v1/keys/{id}' },
  /** Replace a key, with an overlap. */
  rotateKey: { method: 'POST', path: '/v1/keys/{id}/rotate' },
  /** Show the caller, its scopes and its quota. */
  whoAmI: { method: 'GET', path: '/v1/me' },
  /** List kill switches that are on. */
  listSwitches: { method: 'GET', path: '/v1/switches' },
  /** Turn on a kill switch. */
  turnOnSwitch: { method: 'POST', path: '/v1/switches' },
  /** Lift a kill switch. */
  liftSwitch: { method: 'DELETE', path: '/v1/switches/{id}' },
  /** List policies in the order of their trial. */
  listPolicies: { method: 'GET', path: '/v1/policies' },
  /** Show a policy. */
  findPolicy: { method: 'GET', path: '/v1/policies/{id}' },
  /** Create or change a policy. */
  putPolicy: { method: 'PUT', path: '/v1/policies/{id}' },
  /** Remove a policy. */
  removePolicy: { method: 'DELETE', path: '/v1/policies/{id}' },
  /** Explain the decision of the policies about a call. */
  explainPolicies: { method: 'POST', path: '/v1/policies/explain' },
  /** List webhook endpoints. */
  listWebhookEndpoints: { method: 'GET', path: '/v1/webhook-endpoints' },
  /** Create a webhook endpoint, and show its secret. */
  createWebhookEndpoint: { method: 'POST', path: '/v1/webhook-endpoints' },
  /** Show a webhook endpoint without its secret. */
  findWebhookEndpoint: { method: 'GET', path: '/v1/webhook-endpoints/{id}' },
  /** Change a webhook endpoint. */
  putWebhookEndpoint: { method: 'PUT', path: '/v1/webhook-endpoints/{id}' },
  /** Remove a webhook endpoint and its deliveries. */
  removeWebhookEndpoint: { method: 'DELETE', path: '/v1/webhook-endpoints/{id}' },
  /** Send a test to a webhook endpoint. */
  testWebhookEndpoint: { method: 'POST', path: '/v1/webhook-endpoints/{id}/test' },
  /** Replace the secret of a webhook endpoint, with an overlap. */
  rotateWebhookSecret: { method: 'POST', path: '/v1/webhook-endpoints/{id}/rotate-secret' },
  /** Enable a disabled webhook endpoint. */
  enableWebhookEndpoint: { method: 'POST', path: '/v1/webhook-endpoints/{id}/enable' },
  /** Send the webhooks of a time again. */
  redeliverWebhooks: { method: 'POST', path: '/v1/webhook-endpoints/{id}/redeliver' },
  /** List the deliveries of a webhook endpoint. */
  listWebhookDeliveries: { method: 'GET', path: '/v1/webhook-endpoints/{id}/deliveries' },
  /** Send one webhook again. */
  redeliverWebhook: { method: 'POST', path: '/v1/webhook-deliveries/{id}/redeliver' },
  /** List entries of the history. */
  listEntries: { method: 'GET', path: '/v1/audit/entries' },
  /** Tell a call as thought, action and observation. */
  tellCall: { method: 'GET', path: '/v1/calls/{id}/story' },
  /** Tell the calls of a run. */
  tellRun: { method: 'GET', path: '/v1/runs/{id}' },
  /** Fetch the signed end of the history. */
  readCheckpoint: { method: 'GET', path: '/v1/audit/checkpoint' },
  /** Verify that nobody changed the history. */
  verifyHistory: { method: 'GET', path: '/v1/audit/verify' },
  /** Export the history. */
  exportHistory: { method: 'GET', path: '/v1/audit/export' },
  /** Erase the data of a user from the history. */
  eraseUser: { method: 'DELETE', path: '/v1/users/{user}/data' },
  /** List deployed flows. */
  listFlows: { method: 'GET', path: '/v1/flows' },
  /** Start a run of a flow. */
  startFlow: { method: 'POST', path: '/v1/flows/{flow}/runs' },
  /** List runs of flows. */
  listFlowRuns: { method: 'GET', path: '/v1/flow-runs' },
  /** Show a run of a flow with its steps. */
  findFlowRun: { method: 'GET', path: '/v1/flow-runs/{run}' },
  /** Resume a run that was blocked or diverged. */
  resumeFlowRun: { method: 'POST', path: '/v1/flow-runs/{run}/resume' },
  /** Cancel a run, and undo its steps. */
  cancelFlowRun: { method: 'POST', path: '/v1/flow-runs/{run}/cancel' },
  /** Answer a question of a run. */
  answerFlowRun: { method: 'POST', path: '/v1/flow-runs/{run}/answer' },
  /** Begin to connect an account of a user. */
  createConnectSession: { method: 'POST', path: '/v1/connect-sessions' },
  /** Show a connect session, or wait for a change of it. */
  findConnectSession: { method: 'GET', path: '/v1/connect-sessions/{id}' },
  /** Connect the account for the user who returned. */
  completeConnectSession: { method: 'POST', path: '/v1/connect-sessions/{id}/complete' },
  /** List providers of accounts. */
  listProviders: { method: 'GET', path: '/v1/providers' },
  /** Show a provider of accounts. */
  findProvider: { method: 'GET', path: '/v1/providers/{provider}' },
  /** List the providers that the tenant has set up. */
  listIntegrations: { method: 'GET', path: '/v1/integrations' },
  /** Show an integration without its secret. */
  findIntegration: { method: 'GET', path: '/v1/integrations/{integration}' },
  /** Set up a provider for the users of the tenant. */
  putIntegration: { method: 'PUT', path: '/v1/integrations/{integration}' },
  /** Remove an integration. */
  removeIntegration: { method: 'DELETE', path: '/v1/integrations/{integration}' },
  /** List connections of users. */
  listConnections: { method: 'GET', path: '/v1/connections' },
  /** Show a connection. */
  findConnection: { method: 'GET', path: '/v1/connections/{id}' },
  /** End a connection at its provider. */
  disconnect: { method: 'DELETE', path: '/v1/connections/{id}' },
  /** Use a connection for the calls of its user that name none. */
  setDefaultConnection: { method: 'POST', path: '/v1/connections/{id}/default' },
  /** Send one HTTP request with the credential of a user. */
  proxyRequest: { method: 'POST', path: '/v1/proxy/{integration}' },
  /** List tenants. */
  listTenants: { method: 'GET', path: '/v1/tenants' },
  /** Show a tenant. */
  findTenant: { method: 'GET', path: '/v1/tenants/{tenant}' },
  /** Create or change a tenant. */
  putTenant: { method: 'PUT', path: '/v1/tenants/{tenant}' },
  /** Remove a tenant and revoke its keys. */
  removeTenant: { method: 'DELETE', path: '/v1/tenants/{tenant}' },
  /** Create a key of any tenant. */
  createTenantKey: { method: 'POST', path: '/v1/tenants/{tenant}/keys' },
} as const;
