#include "codec/frame.h"

#include <cstddef>
#include <limits>

#include "codec/hex.h"
#include "doctest/doctest.h"

namespace sluice::codec {
namespace {

Bytes example() {
  FrameWriter frame;
  frame.u8(7).u32(0x01020304).f64(1.5).flag(true).bytes("hi").count(2).u8(8).u8(9);
  return std::move(frame).take();
}

TEST_SUITE("codec/frame") {
  TEST_CASE("fields are little-endian, unaligned and without tags") {
    CHECK(encode_hex(example()) ==
          "0704030201000000000000f83f0102000000686902000000"
          "0809");
  }

  TEST_CASE("what was written is read in the same order") {
    const Bytes bytes = example();
    FrameReader frame(bytes);
    CHECK(frame.u8() == 7);
    CHECK(frame.u32() == 0x01020304);
    CHECK(frame.f64() == 1.5);
    CHECK(frame.flag());
    CHECK(frame.bytes() == "hi");
    CHECK(frame.count(1) == 2);
    CHECK(frame.u8() == 8);
    CHECK(frame.u8() == 9);
    CHECK(frame.ok());
    CHECK(frame.rest().empty());
  }

  TEST_CASE("a frame cut short anywhere fails, and stays failed") {
    const Bytes bytes = example();
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      CAPTURE(size);
      FrameReader frame(ByteView(bytes).substr(0, size));
      (void)frame.u8();
      (void)frame.u32();
      (void)frame.f64();
      (void)frame.flag();
      (void)frame.bytes();
      for (std::uint32_t left = frame.count(1); left > 0; --left) (void)frame.u8();
      CHECK_FALSE(frame.ok());
      CHECK(frame.u8() == 0);
      CHECK(frame.u32() == 0);
      CHECK(frame.bytes().empty());
      CHECK_FALSE(frame.ok());
    }
  }

  TEST_CASE("bytes behind the last field are left alone") {
    const Bytes bytes = example() + "newer";
    FrameReader frame(bytes);
    CHECK(frame.u8() == 7);
    CHECK(frame.ok());
    CHECK_FALSE(frame.rest().empty());
  }

  TEST_CASE("a count that the rest cannot hold fails") {
    Bytes bytes = std::move(FrameWriter().count(3).u32(1).u32(2)).take();
    CHECK(FrameReader(bytes).count(4) == 0);
    CHECK(FrameReader(bytes).count(2) == 3);
    FrameReader huge(
        ByteView("\xff\xff\xff\xff"
                 "abc",
                 7));
    CHECK(huge.count(1) == 0);
    CHECK_FALSE(huge.ok());
  }

  TEST_CASE("a length beyond the end fails") {
    FrameReader frame(
        ByteView("\xff\xff\xff\xff"
                 "abc",
                 7));
    CHECK(frame.bytes().empty());
    CHECK_FALSE(frame.ok());
  }

  TEST_CASE("a flag is 0 or 1") {
    FrameReader frame(ByteView("\x02", 1));
    CHECK_FALSE(frame.flag());
    CHECK_FALSE(frame.ok());
  }

  TEST_CASE("numbers at their bounds survive") {
    const double most = std::numeric_limits<double>::max();
    const Bytes bytes = std::move(FrameWriter().u8(255).u32(UINT32_MAX).f64(-0.0).f64(most)).take();
    FrameReader frame(bytes);
    CHECK(frame.u8() == 255);
    CHECK(frame.u32() == UINT32_MAX);
    CHECK(frame.f64() == 0.0);
    CHECK(frame.f64() == most);
    CHECK(frame.ok());
  }

  TEST_CASE("bytes are carried as they are") {
    const ByteView odd("\0\xff\xc3(\n", 5);
    const Bytes bytes = std::move(FrameWriter().bytes(odd).bytes("")).take();
    FrameReader frame(bytes);
    CHECK(frame.bytes() == odd);
    CHECK(frame.bytes().empty());
    CHECK(frame.ok());
  }
}

}  // namespace
}  // namespace sluice::codec
