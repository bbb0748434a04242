#include "rules/category/list_line.h"

#include <algorithm>
#include <iterator>

namespace borderflow {
namespace {

constexpr std::string_view kBlanks = " \t\r\f\v";

std::string_view Trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return text.substr(text.size());
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

// The line up to a comment, which # begins at a blank or at the line's own begin.
std::string_view WithoutComment(std::string_view line) {
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '#' && (i == 0 || kBlanks.find(line[i - 1]) != std::string_view::npos)) {
      return line.substr(0, i);
    }
  }
  return line;
}

// The next word of `*rest`, which is what follows it then; empty at the end.
std::string_view NextWord(std::string_view* rest) {
  *rest = Trim(*rest);
  const std::string_view word = rest->substr(0, rest->find_first_of(kBlanks));
  rest->remove_prefix(word.size());
  return word;
}

size_t Column(std::string_view line, std::string_view part) {
  return static_cast<size_t>(part.data() - line.data()) + 1;
}

bool HasSpecial(std::string_view text, char special) {
  return text.find(special) != std::string_view::npos;
}

// Options of Adblock rules under which all traffic of the name is still meant.
bool LeavesItWhole(std::string_view option) {
  constexpr std::string_view kWhole[] = {"third-party", "3p",  "important", "all",
                                         "document",    "doc", "popup"};
  return std::find(std::begin(kWhole), std::end(kWhole), option) != std::end(kWhole);
}

std::optional<NameRefusal> FaultOfOptions(std::string_view options) {
  while (!options.empty()) {
    const size_t comma = options.find(',');
    if (!LeavesItWhole(Trim(options.substr(0, comma)))) return NameRefusal::kNarrow;
    options.remove_prefix(comma == std::string_view::npos ? options.size() : comma + 1);
  }
  return std::nullopt;
}

// What follows the name in "||name...".
std::optional<NameRefusal> FaultOfRest(std::string_view rest) {
  if (rest.empty()) return NameRefusal::kPattern;  // example.org also means example.org.uk
  if (rest.front() == '/' || rest.front() == '?' || rest.front() == ':') return NameRefusal::kPath;
  if (rest.front() != '^') return NameRefusal::kPattern;
  rest.remove_prefix(1);
  if (rest.empty() || rest == "|") return std::nullopt;
  if (rest.front() != '$') return NameRefusal::kPath;
  return FaultOfOptions(rest.substr(1));
}

}  // namespace

void ParseHostsLine(std::string_view line, std::vector<ListedName>* names) {
  names->clear();
  std::string_view rest = WithoutComment(line);
  const std::string_view address = NextWord(&rest);
  if (address.empty()) return;
  if (!IsAddress(address)) {
    names->push_back({address, Column(line, address), NameRefusal::kSyntax});
    return;
  }
  for (std::string_view name = NextWord(&rest); !name.empty(); name = NextWord(&rest)) {
    names->push_back({name, Column(line, name), std::nullopt});
  }
  if (names->empty()) names->push_back({address, Column(line, address), NameRefusal::kSyntax});
}

void ParseDomainLine(std::string_view line, std::vector<ListedName>* names) {
  names->clear();
  std::string_view name = Trim(WithoutComment(line));
  if (name.empty() || name.front() == '!' || name.front() == ';' || name.starts_with("//")) return;
  const size_t column = Column(line, name);
  std::optional<NameRefusal> refusal;
  if (name.starts_with("*.")) {
    name.remove_prefix(2);
  } else if (name.starts_with('.')) {
    name.remove_prefix(1);
  }
  if (HasSpecial(name, '/')) {
    refusal = NameRefusal::kPath;
  } else if (HasSpecial(name, '*')) {
    refusal = NameRefusal::kPattern;
  } else if (name.find_first_of(kBlanks) != std::string_view::npos) {
    refusal = NameRefusal::kSyntax;
  }
  names->push_back({name, column, refusal});
}

void ParseAdblockLine(std::string_view line, std::vector<ListedName>* names) {
  names->clear();
  const std::string_view rule = Trim(line);
  if (rule.empty() || rule.front() == '!' || rule.front() == '[') return;
  const auto refuse = [&](NameRefusal refusal) {
    names->push_back({rule, Column(line, rule), refusal});
  };
  if (rule.starts_with("@@")) return refuse(NameRefusal::kException);
  for (const std::string_view mark : {"##", "#@#", "#?#", "#$#", "#%#", "$$"}) {
    if (rule.find(mark) != std::string_view::npos) return refuse(NameRefusal::kCosmetic);
  }
  if (rule.front() == '#') return;  // a comment, as lists that are hosts files at heart have them
  if (!rule.starts_with("||")) return refuse(NameRefusal::kPattern);
  std::string_view name = rule.substr(2);
  if (name.starts_with("*.")) name.remove_prefix(2);
  const size_t end = std::min(name.find_first_of("^/$|*:?"), name.size());
  const std::optional<NameRefusal> refusal = FaultOfRest(name.substr(end));
  if (refusal.has_value()) return refuse(*refusal);
  name = name.substr(0, end);
  names->push_back({name, Column(line, name), std::nullopt});
}

V2flyLine ParseV2flyLine(std::string_view line) {
  V2flyLine parsed;
  std::string_view rest = line.substr(0, line.find('#'));
  std::string_view word = NextWord(&rest);
  if (word.empty()) return parsed;
  parsed.kind = V2flyLine::Kind::kName;
  parsed.name = {word, Column(line, word), std::nullopt};
  const auto refuse = [&](NameRefusal refusal) {
    parsed.kind = V2flyLine::Kind::kRefused;
    parsed.name.refusal = refusal;
    return parsed;
  };
  if (const size_t colon = word.find(':'); colon != std::string_view::npos) {
    const std::string_view kind = word.substr(0, colon);
    if (kind == "regexp" || kind == "keyword") return refuse(NameRefusal::kPattern);
    if (kind != "domain" && kind != "full" && kind != "include")
      return refuse(NameRefusal::kSyntax);
    if (kind == "include") parsed.kind = V2flyLine::Kind::kInclude;
    parsed.name.text.remove_prefix(colon + 1);
  }
  for (word = NextWord(&rest); !word.empty(); word = NextWord(&rest)) {
    if (word.front() == '&') continue;  // an affiliation: another list wants this name as well
    if (word.front() != '@' || word.size() == 1) return refuse(NameRefusal::kSyntax);
    parsed.attributes.push_back(word.substr(1));
  }
  return parsed;
}

}  // namespace borderflow
