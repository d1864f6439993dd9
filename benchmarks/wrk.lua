-- Orders go through the BOOKS one after the other, each with an Idempotency-Key of its own; of ten other requests the
-- first POSTS are made with POST. Requests go to the PATHS one after the other, where there are any. What the gateway
-- keeps is asked for with CACHED only. The figures come as one line of JSON.
local run, count = os.time(), 0
local keyed = os.getenv("KEYED") == "1"
local posts = tonumber(os.getenv("POSTS") or 0)
local body, books = os.getenv("BODY"), {}
local paths = {}
for path in (os.getenv("PATHS") or ""):gmatch("%S+") do paths[#paths + 1] = path end
for id in (os.getenv("BOOKS") or ""):gmatch("%S+") do books[#books + 1] = id end

wrk.method = os.getenv("METHOD") or "GET"
wrk.body = body
wrk.headers["Content-Type"] = wrk.body and "application/json" or nil
wrk.headers["Authorization"] = os.getenv("TOKEN") and "Bearer " .. os.getenv("TOKEN") or nil

wrk.headers["Cache-Control"] = not os.getenv("CACHED") and "no-cache" or nil

function request()
  count = count + 1
  if posts > 0 then
    wrk.method = count % 10 < posts and "POST" or "GET"
  end
  if keyed then
    wrk.body = body:gsub("BOOK", books[count % #books + 1])
    wrk.headers["Idempotency-Key"] = string.format("bench-%d-%s-%d", run, tostring(wrk.thread):sub(-6), count)
  end
  return wrk.format(nil, #paths > 0 and paths[count % #paths + 1] or nil)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "seconds": %.3f, "p50": %.3f, "p95": %.3f, "p99": %.3f, "failed": %d}\n',
    summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
