#include "app/engine.h"

#include <utility>

#include "app/cell_engine.h"
#include "app/front.h"
#include "manifest/parse.h"

namespace sluice::app {
namespace {

void report(Log& log, Level level, std::string_view event, const manifest::Finding& finding) {
  LogRecord record{.level = level, .event = event, .fields = {}};
  record.fields.emplace_back(Field::kAt, finding.at);
  record.fields.emplace_back(Field::kCode, finding.code);
  record.fields.emplace_back(Field::kDetail, finding.message);
  log.write(std::move(record));
}

}  // namespace

Result<std::unique_ptr<Engine>> make_engine(Host& host, Reply& reply, Boot boot) {
  auto parsed = manifest::parse(boot.manifest, boot.environment, manifest::Secrets::kRequired);
  for (const auto& error : parsed.errors) {
    report(host.log(), Level::kError, "manifest_error", error);
  }
  if (!parsed.errors.empty()) return Error{Errc::kMalformed, "the manifest has errors"};
  if (boot.role == Role::kFront) {
    for (const auto& warning : parsed.warnings) {
      report(host.log(), Level::kWarn, "manifest_warning", warning);
    }
    return std::unique_ptr<Engine>(
        std::make_unique<Front>(host, reply, std::move(parsed.manifest)));
  }
  if (!host.caps().has(kMultiCommit)) {
    return Error{Errc::kNoCapability, "a cell needs a store whose commits cover several keys"};
  }
  return std::unique_ptr<Engine>(
      std::make_unique<CellEngine>(host, reply, std::move(boot.cell), std::move(parsed.manifest)));
}

}  // namespace sluice::app
