#include "rules/jurisdiction/jurisdiction_set.h"

#include <algorithm>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "rules/jurisdiction/suggest.h"

namespace borderflow {
namespace {

bool IsWordCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_';
}

// One expression from left to right; a method a line of the grammar.
class Reader {
 public:
  Reader(std::string_view text, const SetPlace& place, SetLookup lookup,
         absl::Span<const std::string_view> groups)
      : text_(text), place_(place), lookup_(lookup), groups_(groups) {
    Advance();
  }

  absl::StatusOr<JurisdictionSet> Read() {
    absl::StatusOr<JurisdictionSet> set = Expression();
    if (!set.ok()) return set;
    if (!token_.empty()) {
      return Error(absl::StrCat(Found(), ", expected +, - or & between two names, or the end"));
    }
    if (set->none()) {
      at_ = 0;
      return Error("no jurisdiction is in this set: nothing could ever match it");
    }
    return set;
  }

 private:
  absl::StatusOr<JurisdictionSet> Expression();
  absl::StatusOr<JurisdictionSet> Term();
  absl::StatusOr<JurisdictionSet> Operand();
  absl::StatusOr<JurisdictionSet> Name();

  // Moves to the next token: a word, one other character, or nothing at the end.
  void Advance() {
    at_ += token_.size();
    while (at_ < text_.size() && absl::ascii_isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    size_t length = at_ < text_.size() ? 1 : 0;
    if (length == 1 && IsWordCharacter(text_[at_])) {
      while (at_ + length < text_.size() && IsWordCharacter(text_[at_ + length])) ++length;
    }
    token_ = text_.substr(at_, length);
  }

  bool Take(std::string_view sign, std::string_view word) {
    if (token_ != sign && token_ != word) return false;
    Advance();
    return true;
  }

  std::string Found() const {
    return token_.empty() ? "the expression ends" : absl::StrCat("found ", Quoted(token_));
  }

  absl::Status Error(std::string_view what) const {
    return absl::InvalidArgumentError(absl::StrCat(std::string(place_.file), ":", place_.line, ":",
                                                   place_.column + static_cast<int>(at_), ": ",
                                                   std::string(what)));
  }

  std::string_view text_;
  const SetPlace& place_;
  SetLookup lookup_;
  absl::Span<const std::string_view> groups_;
  size_t at_ = 0;           // where the token begins
  std::string_view token_;  // empty at the end
  int depth_ = 0;
};

absl::StatusOr<JurisdictionSet> Reader::Expression() {
  absl::StatusOr<JurisdictionSet> set = Term();
  while (set.ok()) {
    const bool joins = Take("+", "union");
    if (!joins && !Take("-", "except")) break;
    const absl::StatusOr<JurisdictionSet> next = Term();
    if (!next.ok()) return next;
    *set = joins ? *set | *next : *set & ~*next;
  }
  return set;
}

absl::StatusOr<JurisdictionSet> Reader::Term() {
  absl::StatusOr<JurisdictionSet> set = Operand();
  while (set.ok() && Take("&", "intersection")) {
    const absl::StatusOr<JurisdictionSet> next = Operand();
    if (!next.ok()) return next;
    *set &= *next;
  }
  return set;
}

absl::StatusOr<JurisdictionSet> Reader::Operand() {
  if (token_ != "(") return Name();
  if (depth_ == kMaxSetDepth) {
    return Error(absl::StrCat("more than ", kMaxSetDepth, " parentheses inside one another"));
  }
  const int opened = place_.column + static_cast<int>(at_);
  ++depth_;
  Advance();
  absl::StatusOr<JurisdictionSet> set = Expression();
  if (!set.ok()) return set;
  if (token_ != ")") {
    return Error(absl::StrCat(Found(), ", expected \")\" for the \"(\" in column ", opened));
  }
  --depth_;
  Advance();
  return set;
}

absl::StatusOr<JurisdictionSet> Reader::Name() {
  if (token_.empty() || !IsWordCharacter(token_[0])) {
    return Error(absl::StrCat(Found(), ", expected a code, a group or \"(\""));
  }
  JurisdictionSet set;
  if (const std::optional<Jurisdiction> code = FromCode(token_)) {
    if (IsSpecial(*code)) return Error(absl::StrCat(Quoted(token_), " is not a country"));
    set.set(static_cast<size_t>(*code));
  } else if (token_ == "ANY") {
    set = AnyJurisdiction();
  } else {
    const absl::StatusOr<const JurisdictionSet*> group = lookup_(token_);
    if (!group.ok()) return group.status();
    if (*group == nullptr) return Error(UnknownJurisdiction(token_, groups_));
    set = **group;
  }
  Advance();
  return set;
}

}  // namespace

JurisdictionSet AnyJurisdiction() {
  JurisdictionSet any;
  any.set();
  for (size_t special = 0; special < kSpecialJurisdictions; ++special) any.reset(special);
  return any;
}

absl::StatusOr<JurisdictionSet> ParseSetExpression(std::string_view expression,
                                                   const SetPlace& place, SetLookup lookup,
                                                   absl::Span<const std::string_view> groups) {
  if (expression.size() > kMaxSetExpression) {
    return absl::InvalidArgumentError(absl::StrCat(
        std::string(place.file), ":", place.line, ":", place.column, ": a set of ",
        expression.size(), " bytes: at most ", kMaxSetExpression, "; name its parts as groups"));
  }
  return Reader(expression, place, lookup, groups).Read();
}

std::string UnknownJurisdiction(std::string_view name, absl::Span<const std::string_view> groups) {
  std::string why;
  const NormalizedCode normalized = NormalizeCode(name);
  switch (normalized.kind) {
    case CodeKind::kAlias:
      why = absl::StrCat(": ISO 3166-1 says ", Quoted(Code(normalized.jurisdiction)));
      break;
    case CodeKind::kWithdrawn:
      why = ": withdrawn by ISO 3166-3";
      break;
    case CodeKind::kPseudo:
      why = ": not a country in ISO 3166-1";
      break;
    case CodeKind::kExact:
    case CodeKind::kInvalid:
      break;
  }
  std::string_view suggestion = SuggestCode(name);
  if (suggestion.empty()) suggestion = Nearest(name, groups);
  std::string remedy;
  if (!suggestion.empty()) remedy = absl::StrCat(" (did you mean ", Quoted(suggestion), "?)");
  return absl::StrCat("unknown jurisdiction or group ", Quoted(name), why, remedy);
}

}  // namespace borderflow
