// Rows as a table for a terminal: columns as wide as their widest cell.
//
// Cells come from outside, so control bytes are shown as `?`: a stored header must not move the
// reader's cursor.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluice::native {

using TableRow = std::vector<std::string>;

// The first row is the head. Rows may be shorter than it. Each line ends with a line feed.
[[nodiscard]] std::string format_table(const std::vector<TableRow>& rows);

// `text` without control bytes.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace sluice::native
