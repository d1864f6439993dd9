-- Counts a worker's calls by function, exact status and duration: HAProxy itself counts classes, and no durations.
-- The arguments are the upper bounds of the buckets, in microseconds.
local bounds = { ... }
for i = 1, #bounds do
  bounds[i] = tonumber(bounds[i])
end

local found = {}
-- In the order of their first call: `show calls` may be interrupted, and a table that grows cannot be walked by key.
local series = {}

local function series_of(name, status)
  local key = name .. " " .. status
  local calls = found[key]
  if not calls then
    calls = { key = key, microseconds = 0 }
    for i = 1, #bounds + 1 do
      calls[i] = 0
    end
    found[key] = calls
    series[#series + 1] = calls
  end
  return calls
end

core.register_action("count", { "http-after-res" }, function(txn)
  local status = txn.f:status()
  if status < 200 and status ~= 101 then
    return
  end
  local took = txn:get_var("txn.took")
  local calls = series_of(txn:get_var("txn.fn"), status)
  local i = 1
  while i <= #bounds and took > bounds[i] do
    i = i + 1
  end
  calls[i] = calls[i] + 1
  calls.microseconds = calls.microseconds + took
end)

-- A line for each: function, status, microseconds of all calls together, and how many fell into each bucket.
core.register_cli({ "show", "calls" }, "show calls : how many calls were answered, and how fast", function(applet)
  local lines = {}
  for i = 1, #series do
    lines[i] = string.format("%s %d %s\n", series[i].key, series[i].microseconds, table.concat(series[i], " "))
  end
  applet:send(table.concat(lines))
end)
