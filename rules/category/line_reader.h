// LineReader: the lines of a list, one at a time, in a bounded piece of memory.
//
// Lists come from strangers: a line of ten megabytes, a compressed file, a folder in the place of a
// file must cost a message, not the program.
//
// Thread safety: none.
#ifndef BORDERFLOW_RULES_CATEGORY_LINE_READER_H_
#define BORDERFLOW_RULES_CATEGORY_LINE_READER_H_

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace borderflow {

class LineReader {
 public:
  static constexpr size_t kLongest = 4096;  // bytes; no list has longer lines that mean something

  // Opens a file; "-" is standard input.
  // Errors: NotFound, PermissionDenied; InvalidArgument for a folder and for what is compressed,
  // each with the remedy.
  static absl::StatusOr<LineReader> Open(const std::string& path);

  // Reads text that outlives the reader.
  explicit LineReader(std::string_view text);

  // The next line without its end ("\n" or "\r\n"), valid until the next call; false at the end. A
  // line of more than kLongest bytes is cut to these, and the rest of it passed over.
  bool Next(std::string_view* line);

  size_t number() const { return number_; }  // of the line that came last, from 1
  bool cut() const { return cut_; }          // whether that line was cut

  // DataLoss when reading ended before the file did.
  absl::Status status() const;

 private:
  struct Close {
    void operator()(std::FILE* file) const;
  };

  LineReader(std::string path, std::FILE* file);
  void Refill();
  void SkipMark();

  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;  // null for text, and at the end of a file
  std::vector<char> buffer_;
  std::string_view rest_;  // of the buffer or the text: not yet returned
  std::string beginning_;  // of a line that the buffer could not hold
  bool cut_ = false;
  bool failed_ = false;
  size_t number_ = 0;
};

}  // namespace borderflow

#endif  // BORDERFLOW_RULES_CATEGORY_LINE_READER_H_
