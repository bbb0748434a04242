#include "collectors/dashboard/html_writer.h"

#include <cstdint>

#include "absl/strings/str_cat.h"

namespace borderflow {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// How many bytes of `text` are one character that must not be shown as it is: 0 for others.
size_t Unshowable(std::string_view text) {
  const auto byte = [&text](size_t i) {
    return i < text.size() ? static_cast<uint8_t>(text[i]) : uint8_t{0};
  };
  if (byte(0) < 0x20 || byte(0) == 0x7F) return byte(0) == '\n' || byte(0) == '\t' ? 0 : 1;
  if (byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) < 0xA0) return 2;  // C1 controls
  if (byte(0) == 0xD8 && byte(1) == 0x9C) return 2;                    // U+061C
  if (byte(0) != 0xE2) return 0;
  const bool marks = byte(1) == 0x80 && (byte(2) == 0x8E || byte(2) == 0x8F);   // U+200E, U+200F
  const bool embeds = byte(1) == 0x80 && byte(2) >= 0xA8 && byte(2) <= 0xAE;    // U+2028 .. U+202E
  const bool isolates = byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9;  // U+2066 .. U+2069
  return marks || embeds || isolates ? 3 : 0;
}

}  // namespace

std::string HtmlEscaped(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  for (size_t i = 0; i < utf8.size();) {
    if (const size_t bytes = Unshowable(utf8.substr(i)); bytes > 0) {
      out += kReplacement;
      i += bytes;
      continue;
    }
    switch (const char c = utf8[i++]; c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string ScriptEscaped(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (const char c : json) {
    switch (c) {
      case '<':
        out += "\\u003c";
        break;
      case '>':
        out += "\\u003e";
        break;
      case '&':
        out += "\\u0026";
        break;
      default:
        out += c;
    }
  }
  return out;
}

void HtmlWriter::Element(const char* tag, const char* classes, std::string_view text) {
  absl::StrAppend(&html_, "<", tag);
  if (*classes != '\0') absl::StrAppend(&html_, " class=\"", classes, "\"");
  absl::StrAppend(&html_, ">", HtmlEscaped(text), "</", tag, ">\n");
}

void HtmlWriter::Fact(std::string_view term, std::string_view text) {
  if (text.empty()) return;
  absl::StrAppend(&html_, "<dt>", HtmlEscaped(term), "</dt><dd>", HtmlEscaped(text), "</dd>\n");
}

void HtmlWriter::BeginList(const char* classes) {
  absl::StrAppend(&html_, "<ul class=\"", classes, "\">\n");
}

void HtmlWriter::Item(std::string_view text, std::string_view detail) {
  absl::StrAppend(&html_, "<li><p>", HtmlEscaped(text), "</p>");
  if (!detail.empty()) absl::StrAppend(&html_, "<p class=\"detail\">", HtmlEscaped(detail), "</p>");
  html_ += "</li>\n";
}

void HtmlWriter::BeginTable(std::string_view caption, std::initializer_list<Column> columns) {
  columns_ = columns;
  absl::StrAppend(&html_, "<div class=\"scroll\"><table><caption>", HtmlEscaped(caption),
                  "</caption><thead><tr>");
  for (const Column& column : columns_) {
    absl::StrAppend(&html_, "<th scope=\"col\"", column.number ? " class=\"number\"" : "", ">",
                    HtmlEscaped(column.title), "</th>");
  }
  html_ += "</tr></thead><tbody>\n";
}

void HtmlWriter::Row(const std::vector<std::string>& texts) {
  html_ += "<tr>";
  for (size_t i = 0; i < texts.size(); ++i) {
    const char* tag = i == 0 ? "th" : "td";
    absl::StrAppend(&html_, "<", tag, i == 0 ? " scope=\"row\"" : "",
                    columns_[i].number ? " class=\"number\">" : ">", HtmlEscaped(texts[i]), "</",
                    tag, ">");
  }
  html_ += "</tr>\n";
}

}  // namespace borderflow
