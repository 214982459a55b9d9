/**
 * The beginning of all scripts: Redis' own time in whole microseconds, and the life of the state. KEYS[1] holds the life:
 * `server run|born|emptied`. Lost state, after a flush or a restart, is a new life. The earlier takings are then unknown, so
 * every bucket counts as empty at `emptied` (RS2). Numbers stay below 2^53 until the year 2255.
 */
const head = `
local cursor = 0
local function text() cursor = cursor + 1 return ARGV[cursor] end
local function number() return tonumber(text()) end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local function whole(n) return string.format('%.0f', n) end
local function readLife()
  local life = redis.call('GET', KEYS[1])
  if not life then return nil end
  local run, born, emptied = string.match(life, '^([^|]*)|(%d+)|(%d+)$')
  return run, born, emptied
end
local untouched = 9000000000000000
local emptied = 0
local buckets = {}
local function bucket(index, interval, burst)
  local known = buckets[index]
  if known then return known end
  local stored = redis.call('GET', KEYS[index])
  local b = { tat = 0, since = 0, slack = untouched }
  if stored then
    local tat, since, slack = string.match(stored, '^(%d+):(%d+):(%d+)$')
    b.tat, b.since, b.slack = tonumber(tat), tonumber(since), tonumber(slack)
  end
  if emptied > b.since then
    b.tat = math.max(b.tat, emptied + burst * interval)
    b.since = emptied
    b.slack = untouched
  end
  buckets[index] = b
  return b
end
local function save()
  for index, b in pairs(buckets) do
    if b.changed then
      local life = math.max(1, math.ceil((b.tat - now) / 1000))
      redis.call('SET', KEYS[index], whole(b.tat) .. ':' .. whole(b.since) .. ':' .. whole(b.slack), 'PX', whole(life))
    end
  end
end
`;

/**
 * KEYS: life, blocked, counters and probes. ARGV: run, known birth, caution flag; charges (count, then counter, interval,
 * burst, cost); demands (count, then credential, probe key or 0, token, lease, 1 for a look, number of counters, then counter,
 * interval, burst of each). Answers birth, life, now, and code, microseconds, ordinal for each demand.
 */
export const decideScript = `${head}
local run, known, cautious = text(), text(), text()
local storedRun, born, emptiedText = readLife()
if storedRun == nil or storedRun ~= run then
  -- Only an instance that knows no earlier life, and has no neighbour that may, treats this life as the first.
  local first = storedRun == nil and known == '' and cautious == '0'
  born, emptied = whole(now), first and 0 or now
  redis.call('SET', KEYS[1], run .. '|' .. born .. '|' .. whole(emptied))
else
  emptied = tonumber(emptiedText)
  if known ~= '' and known ~= born and emptied < tonumber(born) then
    -- An instance without that knowledge has begun this life as the first one.
    emptied = now
    redis.call('SET', KEYS[1], run .. '|' .. born .. '|' .. whole(emptied))
  end
end
local function charge(b, interval, cost)
  if b.tat <= now then
    b.tat, b.since, b.slack = now + cost * interval, now, untouched
  else
    b.slack = math.min(b.slack, b.tat - now)
    b.tat = b.tat + cost * interval
  end
  b.changed = true
end
for _ = 1, number() do
  local index, interval, burst, cost = number(), number(), number(), number()
  charge(bucket(index, interval, burst), interval, cost)
end
local answer = { born, born .. ':' .. whole(emptied), whole(now) }
for _ = 1, number() do
  local credential, probe, token, lease, look = text(), number(), text(), text(), number()
  local needs = {}
  local code, wait, ordinal = 0, 0, 0
  local blockedUntil = redis.call('ZSCORE', KEYS[2], credential)
  if blockedUntil and tonumber(blockedUntil) > now then
    code, wait = 2, tonumber(blockedUntil) - now
  end
  local counters = number()
  for place = 1, counters do
    local index, interval, burst = number(), number(), number()
    local b = bucket(index, interval, burst)
    needs[place] = { b, interval }
    local needed = math.max(b.tat, now) + (1 - burst) * interval - now
    if code ~= 2 and needed > wait then code, wait, ordinal = 1, needed, place end
  end
  if code == 0 and probe > 0 then
    local held = redis.call('PTTL', KEYS[probe])
    if held >= 0 then
      code, wait = 3, held * 1000
    else
      redis.call('SET', KEYS[probe], token, 'PX', lease)
    end
  end
  if code == 0 and look == 0 then
    for _, need in ipairs(needs) do charge(need[1], need[2], 1) end
  end
  answer[#answer + 1] = code
  answer[#answer + 1] = math.ceil(wait)
  answer[#answer + 1] = ordinal
end
save()
return answer
`;

/** KEYS: life, counters. ARGV: the life and the time of the taking; then interval and burst of each. */
export const giveBackScript = `${head}
local run, born, emptiedText = readLife()
if run == nil or born .. ':' .. emptiedText ~= text() then return 0 end
emptied = tonumber(emptiedText)
local takenAt = number()
for index = 2, #KEYS do
  local interval, burst = number(), number()
  local b = bucket(index, interval, burst)
  if takenAt >= b.since then
    local back = math.max(0, math.min(interval, b.slack, b.tat - now))
    b.tat, b.slack = b.tat - back, b.slack - back
    b.changed = back > 0
  end
end
save()
return 1
`;

/** KEYS: blocked. ARGV: channel; then credential and milliseconds of each. */
export const blockScript = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
for place = 2, #ARGV, 2 do
  local ends = now + tonumber(ARGV[place + 1]) * 1000
  local current = redis.call('ZSCORE', KEYS[1], ARGV[place])
  if not current or tonumber(current) < ends then
    redis.call('ZADD', KEYS[1], string.format('%.0f', ends), ARGV[place])
    redis.call('PUBLISH', ARGV[1], ARGV[place + 1] .. ' ' .. ARGV[place])
  end
end
return 1
`;

/** KEYS: blocked. Answers the credential and the remaining milliseconds of each present block. */
export const blockedScript = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local found = redis.call('ZRANGEBYSCORE', KEYS[1], string.format('(%.0f', now), '+inf', 'WITHSCORES')
for place = 2, #found, 2 do found[place] = math.ceil((tonumber(found[place]) - now) / 1000) end
return found
`;

/** KEYS: probe. ARGV: token, milliseconds to hold it on. An expired lease changes nothing. */
export const endProbeScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if tonumber(ARGV[2]) > 0 then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return redis.call('DEL', KEYS[1])
`;

/**
 * KEYS: handover. ARGV: milliseconds, 0 to look only. Answers the milliseconds until all instances count together
 * again.
 */
export const handoverScript = `
if tonumber(ARGV[1]) > 0 then redis.call('SET', KEYS[1], '1', 'PX', ARGV[1], 'NX') end
return redis.call('PTTL', KEYS[1])
`;
