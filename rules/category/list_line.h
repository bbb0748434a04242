// The lines of foreign lists: hosts files, plain domains, v2fly's domain lists, Adblock rules.
//
// Each parser gives the names of one line as they stand there, or why there is none; what becomes
// of a name is domain_name.h's to say.
//
// Thread safety: pure functions. Any bytes are safe.
#ifndef BORDERFLOW_RULES_CATEGORY_LIST_LINE_H_
#define BORDERFLOW_RULES_CATEGORY_LIST_LINE_H_

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "rules/category/domain_name.h"

namespace borderflow {

// Points into the line.
struct ListedName {
  std::string_view text;
  size_t column = 1;                   // of its first byte, from 1
  std::optional<NameRefusal> refusal;  // then `text` is what was refused
};

// "0.0.0.0 ads.example.com tracker.example  # why" (hosts(5)).
void ParseHostsLine(std::string_view line, std::vector<ListedName>* names);

// "example.com", "*.example.com" or ".example.com"; comments begin with # ! ; or //.
void ParseDomainLine(std::string_view line, std::vector<ListedName>* names);

// "||example.org^", also with options that leave its traffic whole ($third-party, $important ...).
void ParseAdblockLine(std::string_view line, std::vector<ListedName>* names);

// "example.com @ads", "domain:", "full:", "include:other @cn", "regexp:", "keyword:".
struct V2flyLine {
  enum class Kind { kNothing, kName, kInclude, kRefused };
  Kind kind = Kind::kNothing;
  ListedName name;                           // of a list for kInclude
  std::vector<std::string_view> attributes;  // "ads", "!cn", "-ads"
};
V2flyLine ParseV2flyLine(std::string_view line);

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_CATEGORY_LIST_LINE_H_
