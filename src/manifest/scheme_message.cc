#include "manifest/scheme_message.h"

#include <utility>

#include "codec/json_pointer.h"
#include "manifest/overlay.h"
#include "signature/site.h"

namespace sluice::manifest {
namespace {

using codec::Json;
using signature::MessagePart;
using signature::PartKind;

std::string unknown_part(std::string_view text) {
  std::string word(text);
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos) {
    word.resize(colon + 1);
    for (const std::string_view part : kPartWords) {
      if (word == part) return "\"{" + word + "}\" needs a name behind the colon.";
    }
  }
  std::string message = "There is no part \"{" + shown(text) + "}\".";
  const std::string_view near = nearest(word, kPartWords);
  if (!near.empty()) return message + " Did you mean \"{" + std::string(near) + "}\"?";
  return message +
         " Valid: {body}, {timestamp}, {header:NAME}, {url}, {url:path}, {method}, {query:NAME}, "
         "{form:NAME}, {form-sorted}, {json:/POINTER}, {crc32}, {sha256}, {parameter:NAME}.";
}

// Whether the name in a part can stand there; reports otherwise.
bool check_part(const MessagePart& part, const std::string& at, Report& report) {
  if (part.kind == PartKind::kHeader && !signature::is_header_name(part.text)) {
    report.error(at, "header_malformed",
                 "\"{header:" + shown(part.text) +
                     "}\" names no header. Header names are written in lower case: letters, "
                     "digits, \"-\" and \"_\".");
    return false;
  }
  if (part.kind == PartKind::kJson && !codec::parse_pointer(part.text)) {
    report.error(at, "pointer_malformed",
                 "\"{json:" + shown(part.text) +
                     "}\" holds no JSON pointer. Each step begins with a slash: {json:/data/id}.");
    return false;
  }
  return true;
}

// What keeps a template from being one.
std::string template_fault(std::string_view text) {
  while (!text.empty()) {
    const std::size_t open = text.find_first_of("{}");
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find('}', open);
    if (text[open] == '}' || close == std::string_view::npos) {
      return "A brace is not closed or not opened: parts stand in braces, such as {body}. A brace "
             "that is meant as a letter is written {\"literal\": \"{\"} in a list.";
    }
    const std::string_view inside = text.substr(open + 1, close - open - 1);
    if (!signature::parse_part(inside)) return unknown_part(inside);
    text.remove_prefix(close + 1);
  }
  return "A message has at most 16 parts.";
}

void read_template(std::string_view text, const std::string& at, Report& report,
                   std::vector<MessagePart>& message) {
  auto parts = signature::parse_message(text);
  if (!parts) {
    report.error(at, "message_malformed", template_fault(text));
    return;
  }
  for (MessagePart& part : *parts) {
    if (check_part(part, at, report)) message.push_back(std::move(part));
  }
}

void read_part(const Json& json, const std::string& at, Report& report,
               std::vector<MessagePart>& message) {
  const Overlay overlay(json, at, {"part", "before", "after", "lower", "optional", "literal"},
                        report);
  if (!json.is_object()) return;
  const Json* literal = json.member("literal");
  const Json* named = json.member("part");
  if ((literal == nullptr) == (named == nullptr)) {
    report.error(at, "missing", "A part has either \"part\" or \"literal\".");
    return;
  }
  if (literal != nullptr) {
    if (json.members().size() > 1) {
      report.error(at, "unknown_key", "Beside \"literal\" nothing else is said.");
      return;
    }
    MessagePart part{PartKind::kLiteral, {}};
    overlay.lines("literal", part.text);
    if (part.text.empty()) {
      report.error(below(at, "literal"), "message_malformed", "A literal is not empty.");
      return;
    }
    message.push_back(std::move(part));
    return;
  }
  const auto text = text_of(*named, below(at, "part"), report);
  if (!text) return;
  auto part = signature::parse_part(*text);
  if (!part) {
    report.error(below(at, "part"), "message_malformed", unknown_part(*text));
    return;
  }
  overlay.lines("before", part->before);
  overlay.lines("after", part->after);
  overlay.flag("lower", part->lower);
  overlay.flag("optional", part->optional);
  if (check_part(*part, below(at, "part"), report)) message.push_back(*std::move(part));
}

}  // namespace

std::vector<MessagePart> read_message(const Json& json, const std::string& at, Report& report) {
  std::vector<MessagePart> message;
  if (const auto text = json.as_string()) {
    read_template(*text, at, report, message);
    return message;
  }
  if (!json.is_array()) {
    report.error(at, "wrong_type",
                 "Expected a template such as \"{timestamp}.{body}\", or a list of templates and "
                 "parts, found " +
                     std::string(described(json)) + ".");
    return message;
  }
  for (std::size_t i = 0; i < json.items().size(); ++i) {
    if (message.size() > signature::kPartsMax) break;
    const Json& item = json.items()[i];
    if (const auto text = item.as_string()) {
      read_template(*text, below(at, i), report, message);
    } else {
      read_part(item, below(at, i), report, message);
    }
  }
  if (message.size() > signature::kPartsMax) {
    report.error(at, "out_of_range", "A message has at most 16 parts.");
    message.clear();
  }
  return message;
}

}  // namespace sluice::manifest
