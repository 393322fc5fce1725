#include "manifest/report.h"

#include <algorithm>
#include <utility>

namespace sluice::manifest {
namespace {

constexpr std::size_t kShownMax = 60;
constexpr std::size_t kListedMax = 12;

// Edits (insert, delete, replace, swap of neighbours) that turn `a` into `b`.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, above[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(above);
    above.swap(row);
  }
  return above[b.size()];
}

}  // namespace

void Report::error(std::string at, std::string_view code, std::string message) {
  if (errors_.size() >= kFindingsMax) return;
  if (errors_.size() + 1 == kFindingsMax) {
    errors_.push_back({"", "too_many_errors", "More errors follow; fix these first."});
    return;
  }
  errors_.push_back({std::move(at), std::string(code), std::move(message)});
}

void Report::warn(std::string at, std::string_view code, std::string message) {
  if (warnings_.size() >= kFindingsMax) return;
  warnings_.push_back({std::move(at), std::string(code), std::move(message)});
}

std::vector<std::string_view> words_of(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

std::string_view nearest(std::string_view word, Words candidates) {
  if (word.size() > kShownMax) return {};
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(word.size() / 3, 1) + 1;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > kShownMax) continue;
    const std::size_t found = distance(word, candidate);
    if (found >= best_distance) continue;
    best = candidate;
    best_distance = found;
  }
  return best;
}

std::string suggestion(std::string_view word, Words candidates) {
  const std::string_view near = nearest(word, candidates);
  if (!near.empty()) return " Did you mean \"" + std::string(near) + "\"?";
  if (candidates.empty() || candidates.size() > kListedMax) return {};
  std::string listed;
  for (const std::string_view candidate : candidates) {
    listed += listed.empty() ? "\"" : ", \"";
    listed += shown(candidate) + "\"";
  }
  return " Valid: " + listed + ".";
}

std::string shown(std::string_view text) {
  std::string result(text.substr(0, kShownMax));
  for (char& c : result) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) c = '?';
  }
  if (text.size() > kShownMax) result += "...";
  return result;
}

}  // namespace sluice::manifest
