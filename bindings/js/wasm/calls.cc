#include "js/wasm/calls.h"

#include <utility>

namespace sluice::js {

State& state() {
  static State it;
  return it;
}

std::uint32_t address(const void* pointer) {
  return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(pointer));
}

void answer(Bytes text) {
  State& it = state();
  it.text = std::move(text);
  it.reply.text = address(it.text.data());
  it.reply.size = static_cast<std::uint32_t>(it.text.size());
}

Open* find(std::uint32_t handle) {
  if (handle >= kOpenMax) return nullptr;
  Open& open = state().open[handle];
  return open.verifier == nullptr ? nullptr : &open;
}

// The one list is filled again, so that its strings keep their room.
bool read_head(const Open& open, ByteView bytes, Head& head) {
  codec::FrameReader frame(bytes);
  head.method = frame.bytes();
  head.url = frame.bytes();
  Headers& headers = state().headers;
  std::size_t count = 0;
  while (frame.ok() && !frame.rest().empty()) {
    if (count == kHeadersMax) return false;
    if (count == headers.size()) headers.emplace_back();
    Header& header = headers[count++];
    const std::uint32_t number = frame.u32();
    if (number == kNamed) {
      header.name.assign(frame.bytes());
    } else if (number < open.headers.size()) {
      header.name.assign(open.headers[number]);
    } else {
      return false;
    }
    header.value.assign(frame.bytes());
  }
  headers.resize(count);
  return frame.ok();
}

void write_headers(codec::FrameWriter& frame, const Headers& headers) {
  frame.count(headers.size());
  for (const auto& header : headers) frame.bytes(header.name).bytes(header.value);
}

std::int32_t tell(const signature::Refusal& refusal) {
  answer(refusal.detail);
  return static_cast<std::int32_t>(refusal.reason);
}

}  // namespace sluice::js
