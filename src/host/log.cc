#include "host/log.h"

namespace sluice::inline host {

std::string_view name(Field field) {
  switch (field) {
    case Field::kCell: return "cell";
    case Field::kSource: return "source";
    case Field::kEndpoint: return "endpoint";
    case Field::kStep: return "step";
    case Field::kLink: return "link";
    case Field::kEvent: return "event_id";
    case Field::kMessage: return "message_id";
    case Field::kReason: return "reason";
    case Field::kDetail: return "detail";
    case Field::kStatus: return "status";
    case Field::kAttempt: return "attempt";
    case Field::kCount: return "count";
    case Field::kKey: return "key";
    case Field::kCode: return "code";
    case Field::kDelayMs: return "delay_ms";
    case Field::kEpoch: return "epoch";
    case Field::kScheme: return "scheme";
    case Field::kAt: return "at";
    case Field::kEntry: return "entry";
    case Field::kDuration: return "duration_ms";
    case Field::kHints: return "hints";
  }
  return "unknown";
}

}  // namespace sluice::inline host
