// The handlers behind the admin API's addresses; app/admin.cc says which is where.
//
// A handler gives its answer, or the error that becomes a problem document. It reads in one
// transaction, so an answer is of one moment.
#pragma once

#include <string>

#include "app/admin.h"
#include "app/request.h"
#include "base/headers.h"

namespace sluice::app {

struct AdminRequest {
  RequestTarget target;
  std::string name;  // What stands for the `{...}` of the pattern.
  Headers headers;
  Bytes body;
};

using Answer = Task<Result<HttpResponse>>;

Answer show_ready(AdminContext& context, AdminRequest request);
Answer show_overview(AdminContext& context, AdminRequest request);
Answer list_installations(AdminContext& context, AdminRequest request);
Answer list_refusals(AdminContext& context, AdminRequest request);
Answer list_keys(AdminContext& context, AdminRequest request);
Answer show_openapi(AdminContext& context, AdminRequest request);

Answer list_events(AdminContext& context, AdminRequest request);
Answer show_event(AdminContext& context, AdminRequest request);

Answer list_messages(AdminContext& context, AdminRequest request);
Answer show_message(AdminContext& context, AdminRequest request);
Answer retry_message(AdminContext& context, AdminRequest request);
Answer post_message(AdminContext& context, AdminRequest request);

Answer list_dead_letters(AdminContext& context, AdminRequest request);
Answer show_dead_letter(AdminContext& context, AdminRequest request);
Answer redrive_dead_letter(AdminContext& context, AdminRequest request);
Answer drop_dead_letter(AdminContext& context, AdminRequest request);
Answer redrive_endpoint(AdminContext& context, AdminRequest request);

Answer list_endpoints(AdminContext& context, AdminRequest request);
Answer show_endpoint(AdminContext& context, AdminRequest request);
Answer pause_endpoint(AdminContext& context, AdminRequest request);
Answer resume_endpoint(AdminContext& context, AdminRequest request);
Answer enable_endpoint(AdminContext& context, AdminRequest request);

Answer list_steps(AdminContext& context, AdminRequest request);
Answer run_step(AdminContext& context, AdminRequest request);
Answer list_links(AdminContext& context, AdminRequest request);
Answer repair_link(AdminContext& context, AdminRequest request);
Answer pause_link(AdminContext& context, AdminRequest request);
Answer resume_link(AdminContext& context, AdminRequest request);
Answer read_log(AdminContext& context, AdminRequest request);

}  // namespace sluice::app
