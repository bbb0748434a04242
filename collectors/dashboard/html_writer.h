// HtmlWriter: text as HTML. Everything handed in is text; only the writer makes tags.
//
// Thread safety: none.
#ifndef BORDERFLOW_COLLECTORS_DASHBOARD_HTML_WRITER_H_
#define BORDERFLOW_COLLECTORS_DASHBOARD_HTML_WRITER_H_

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace borderflow {

// UTF-8 as text of an element or a quoted attribute. Control characters, and those that turn the
// direction of writing, become U+FFFD: nothing on the page may look like something else.
std::string HtmlEscaped(std::string_view utf8);

// JSON as the content of a script element: no '<', '>' or '&' is left, so that nothing can end it.
std::string ScriptEscaped(std::string_view json);

class HtmlWriter {
 public:
  // A column of a table; numbers stand to the right.
  struct Column {
    const char* title;
    bool number = false;
  };

  // An element with text. `classes` may be empty.
  void Element(const char* tag, const char* classes, std::string_view text);
  void Heading(std::string_view text) { Element("h2", "", text); }
  void Subheading(std::string_view text) { Element("h3", "", text); }
  void Paragraph(std::string_view text) { Element("p", "", text); }
  void Note(std::string_view text) { Element("p", "note", text); }

  void BeginSection() { html_ += "<section class=\"section\">\n"; }
  void EndSection() { html_ += "</section>\n"; }

  void BeginFacts() { html_ += "<dl class=\"facts\">\n"; }
  // A term and what is to be said of it; nothing is written for an empty text.
  void Fact(std::string_view term, std::string_view text);
  void EndFacts() { html_ += "</dl>\n"; }

  void BeginList(const char* classes);
  void Item(std::string_view text) { Element("li", "", text); }
  // With a second line, such as a remedy; empty: none.
  void Item(std::string_view text, std::string_view detail);
  void EndList() { html_ += "</ul>\n"; }

  void BeginTable(std::string_view caption, std::initializer_list<Column> columns);
  // As many texts as there are columns; the first is the row's heading.
  void Row(const std::vector<std::string>& texts);
  void EndTable() { html_ += "</tbody></table></div>\n"; }

  std::string Take() { return std::move(html_); }

 private:
  std::string html_;
  std::vector<Column> columns_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_DASHBOARD_HTML_WRITER_H_
