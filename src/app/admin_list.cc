#include "app/admin_list.h"

#include <algorithm>
#include <utility>

#include "app/problem.h"
#include "base/sort.h"
#include "store/keys.h"

namespace sluice::app {

Result<std::uint32_t> limit_of(const RequestTarget& target) {
  const auto text = target.parameter("limit");
  if (!text) return kLimitDefault;
  const Error wrong{Errc::kBadArgument, "limit is a number from 1 to 200"};
  if (text->empty() || text->size() > 3 || (*text)[0] == '0') return wrong;
  std::uint32_t limit = 0;
  for (const char c : *text) {
    if (c < '0' || c > '9') return wrong;
    limit = limit * 10 + static_cast<std::uint32_t>(c - '0');
  }
  if (limit > kLimitMax) return wrong;
  return limit;
}

Result<std::optional<Seq>> seq_after(const RequestTarget& target) {
  const auto text = target.parameter("after");
  if (!text) return std::optional<Seq>();
  const auto seq = parse_fixed_hex(*text);
  if (!seq) return Error{Errc::kBadArgument, "after is the `next` of an earlier answer"};
  return seq;
}

Result<std::string> name_after(const RequestTarget& target) {
  const auto text = target.parameter("after");
  if (!text) return std::string();
  if (!store::is_name(*text)) {
    return Error{Errc::kBadArgument, "after is the `next` of an earlier answer"};
  }
  return std::string(*text);
}

Result<std::string> name_parameter(const RequestTarget& target, std::string_view parameter) {
  const auto text = target.parameter(parameter);
  if (!text) return std::string();
  if (!store::is_name(*text)) {
    return Error{Errc::kBadArgument, "a name is a letter, then letters, digits or dashes"};
  }
  return std::string(*text);
}

Result<NamePage> page_of(const RequestTarget& target, std::vector<std::string> names) {
  SLUICE_TRY(const auto limit, limit_of(target));
  SLUICE_TRY(const auto after, name_after(target));
  sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  NamePage page;
  for (auto& name : names) {
    if (name <= after) continue;
    if (page.names.size() == limit) {
      page.next = page.names.back();
      break;
    }
    page.names.push_back(std::move(name));
  }
  return page;
}

codec::JsonWriter begin_list() {
  codec::JsonWriter json;
  json.begin_object().key("items").begin_array();
  return json;
}

HttpResponse end_list(codec::JsonWriter json, const std::optional<std::string>& next) {
  json.end_array().key("next");
  if (next) {
    json.string(*next);
  } else {
    json.null();
  }
  json.end_object();
  return json_response(200, std::move(json).take());
}

HttpResponse end_list(codec::JsonWriter json, std::optional<Seq> next) {
  std::optional<std::string> token;
  if (next) token = fixed_hex(*next);
  return end_list(std::move(json), token);
}

void write_unreadable(codec::JsonWriter& json, std::string_view key, const Error& error) {
  json.begin_object().field("key", key).field("error", name(error.code)).end_object();
}

}  // namespace sluice::app
