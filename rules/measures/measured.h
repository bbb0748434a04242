// Measured: the answer of a measure, or why there is none. "Cannot tell" is never 0.
//
// An answer has bounds: what it would be if everything undetermined were placed one way or the
// other. Where nothing was undetermined, both bounds are the value.
//
// Thread safety: a value.
#ifndef BORDERFLOW_RULES_MEASURES_MEASURED_H_
#define BORDERFLOW_RULES_MEASURES_MEASURED_H_

#include <cstdint>
#include <string>
#include <utility>

namespace borderflow {

class Measured {
 public:
  static Measured Exactly(double value) { return Measured(value, value, value); }
  // REQUIRES: low <= value <= high.
  static Measured Between(double low, double value, double high) {
    return Measured(low, value, high);
  }
  // `reason` is a sentence for the reader: "no traffic was seen".
  static Measured Not(std::string reason) { return Measured(std::move(reason)); }

  bool answered() const { return reason_.empty(); }
  // REQUIRES of the three: answered().
  double value() const { return value_; }
  double low() const { return low_; }
  double high() const { return high_; }
  // Empty when answered.
  const std::string& reason() const { return reason_; }

 private:
  Measured(double low, double value, double high) : low_(low), value_(value), high_(high) {}
  explicit Measured(std::string reason) : reason_(std::move(reason)) {}

  double low_ = 0;
  double value_ = 0;
  double high_ = 0;
  std::string reason_;
};

// What one cell says to a question.
enum class Reply : uint8_t { kNo, kYes, kUndetermined };

// A share in the making: weight by what it says.
struct Share {
  uint64_t yes = 0;
  uint64_t undetermined = 0;
  uint64_t total = 0;

  void Add(Reply reply, uint64_t weight) {
    total += weight;
    if (reply == Reply::kYes) yes += weight;
    if (reply == Reply::kUndetermined) undetermined += weight;
  }

  // yes / (total - undetermined), between yes / total and (yes + undetermined) / total. Not
  // measurable without traffic, and when all of it is undetermined. `of` ends the sentence:
  // "no traffic of users in DE was seen".
  Measured measured(const std::string& of) const {
    if (total == 0) return Measured::Not("no " + of + " was seen");
    if (undetermined == total) return Measured::Not("all " + of + " is undetermined");
    const auto whole = static_cast<double>(total);
    return Measured::Between(static_cast<double>(yes) / whole,
                             static_cast<double>(yes) / static_cast<double>(total - undetermined),
                             static_cast<double>(yes + undetermined) / whole);
  }
};

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_MEASURES_MEASURED_H_
