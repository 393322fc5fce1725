#include "codec/double_range.h"

#include <cmath>
#include <cstdlib>
#include <string>

#include "base/prng.h"
#include "doctest/doctest.h"

namespace sluice::codec {
namespace {

// The C library's opinion.
bool is_finite(const std::string& number) {
  return std::isfinite(std::strtod(number.c_str(), nullptr));
}

// 2^1024 - 2^970, from which on numbers round to infinity.
const std::string kLimit =
    "179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017"
    "977587207096330286416692887910946555547851940402630657488671505820681908902000708383676273"
    "854845817711531764475730270069855571366959622842914819860834936475292719074168444365510704"
    "342711559699508093042880177904174497792";

TEST_SUITE("codec/double_range") {
  TEST_CASE("the limit is where IEEE 754 has it") {
    std::string below = kLimit;
    below.replace(below.size() - 3, 3, "791");
    for (const std::string& number :
         {kLimit, below, kLimit + ".0", kLimit + ".1", below + ".999", "-" + kLimit, "-" + below,
          kLimit + "e0", kLimit + "0e-1", "0." + kLimit + "e309", "0.00" + below + "e311",
          kLimit.substr(0, 1) + "." + kLimit.substr(1) + "E+308", kLimit.substr(0, 308) + "e1",
          kLimit + "0000e-4"}) {
      CHECK_MESSAGE(has_double(number) == is_finite(number), number);
    }
    CHECK(!has_double(kLimit));
    CHECK(has_double(below));
  }

  TEST_CASE("exponents and zeros of any size are judged by what they come to") {
    for (const std::string number : {"0",
                                     "-0",
                                     "0.0",
                                     "0e999999999999999999999",
                                     "1e308",
                                     "1e309",
                                     "1.7976931348623157e308",
                                     "1.7976931348623159e308",
                                     "9e307",
                                     "1e-400",
                                     "1e-99999999999999999999",
                                     "1e400",
                                     "1e99999999999999999999",
                                     "0.001e311",
                                     "0.001e312",
                                     "1000e305",
                                     "1000e306",
                                     "0.0000000000000000000000000000000000000000000000001e357",
                                     "0.0000000000000000000000000000000000000000000000001e358",
                                     "1E+308",
                                     "1E+309",
                                     "-1e309"}) {
      CHECK_MESSAGE(has_double(number) == is_finite(number), number);
    }
  }

  TEST_CASE("random numbers near the limit agree with the C library") {
    Prng random(17);
    int finite = 0;
    int infinite = 0;
    for (int i = 0; i < 20'000; ++i) {
      const auto agreed = static_cast<std::size_t>(random.below(kLimit.size()));
      std::string digits = kLimit.substr(0, agreed);
      const auto more = random.below(40);
      for (std::uint64_t k = 0; k < more; ++k) digits += static_cast<char>('0' + random.below(10));
      if (digits.empty() || digits[0] == '0') continue;
      const auto point = static_cast<std::size_t>(1 + random.below(digits.size()));
      std::string number = digits.substr(0, point);
      if (point < digits.size()) number += "." + digits.substr(point);
      const auto exponent = static_cast<std::int64_t>(309 - point);
      number += "e" + std::to_string(exponent + static_cast<std::int64_t>(random.below(3)) - 1);
      const bool expected = is_finite(number);
      CHECK_MESSAGE(has_double(number) == expected, number);
      ++(expected ? finite : infinite);
    }
    CHECK(finite > 1000);
    CHECK(infinite > 1000);
  }
}

}  // namespace
}  // namespace sluice::codec
