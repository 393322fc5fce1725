// The admin API of one cell: what an operator and a program may read and do.
//
//   GET  /v1/overview  events  messages  endpoints  dead-letters  steps  links  refusals  keys
//        log/...
//   POST /v1/messages  .../retry  .../redrive  .../drop  .../pause  .../resume  .../enable  .../run
//
// Who asks was checked by the front. Every answer is JSON, every error a problem document
// (app/problem.h), every list is bounded and goes on by an opaque `after`. What answers 2xx to a
// POST is durable. Secrets appear nowhere: of a URL only its origin is shown. docs/api.md has it by
// example.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "flow/cell.h"
#include "host/engine.h"
#include "host/http.h"

namespace sluice::app {

struct AdminContext {
  flow::Cell& cell;
  std::function<void()> poke;  // Something became due: the lanes look again.
};

// Answers one request to /v1/... or /readyz.
Task<HttpResponse> admin(AdminContext& context, InboundRequest request);

// What `admin` answers, for its description: `{name}` in a pattern stands for one segment.
struct AdminRoute {
  std::string_view method;
  std::string_view pattern;
};
[[nodiscard]] std::vector<AdminRoute> admin_routes();

}  // namespace sluice::app
