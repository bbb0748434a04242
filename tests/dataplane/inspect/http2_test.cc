#include "dataplane/inspect/http2.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nghttp2/nghttp2.h>

#include <deque>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dataplane/inspect/inspector.h"
#include "tests/dataplane/inspect/inspected_flow.h"
#include "tests/dataplane/inspect/wire.h"

namespace borderflow {
namespace {

using testing::ElementsAre;

using Field = std::pair<std::string, std::string>;
using FieldList = std::vector<Field>;

Buffer Frame(uint8_t type, uint8_t flags, const Buffer& content) {
  Buffer frame;
  AppendNumber(&frame, content.size(), 3);
  frame.push_back(type);
  frame.push_back(flags);
  AppendNumber(&frame, 1, 4);
  return Join({frame, content});
}

Buffer Preface() {
  return Join({FromText("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), Frame(4, 0, {}),
               Frame(8, 0, FromHex("00010000"))});
}

Buffer Request(const Buffer& block, uint8_t flags = 0x04) {
  return Join({Preface(), Frame(1, flags, block)});
}

struct Said {
  std::string authority;
  std::string head;
};

Said Read(const Buffer& stream) {
  Http2Reader reader;
  Http2Request request;
  size_t needed = 0;
  EXPECT_EQ(reader.Read(stream, &needed, &request), Parse::kDone);
  return {std::string(request.authority), std::string(request.head)};
}

std::string AuthorityOf(const Buffer& block, uint8_t flags = 0x04) {
  return Read(Request(block, flags)).authority;
}

// Another way to write header blocks: by RFC 7541 as it reads, without Huffman codes, each field in
// any of its forms.
class PlainEncoder {
 public:
  explicit PlainEncoder(uint32_t seed) : random_(seed) {}

  Buffer Encode(const FieldList& fields) {
    Buffer block;
    if (random_() % 4 == 0) Integer(0x20, 5, 4096, &block);  // the table's size, as it is
    for (const Field& field : fields) Add(field, &block);
    return block;
  }

 private:
  static constexpr size_t kStatic = 61;

  // "1xxxxxxx" and its kin (section 5.1).
  static void Integer(uint8_t pattern, int bits, size_t value, Buffer* block) {
    const size_t most = (size_t{1} << bits) - 1;
    if (value < most) {
      block->push_back(static_cast<uint8_t>(pattern | value));
      return;
    }
    block->push_back(static_cast<uint8_t>(pattern | most));
    for (value -= most; value >= 128; value /= 128) {
      block->push_back(static_cast<uint8_t>(value % 128 + 128));
    }
    block->push_back(static_cast<uint8_t>(value));
  }
  static void Text(const std::string& text, Buffer* block) {
    Integer(0, 7, text.size(), block);
    block->insert(block->end(), text.begin(), text.end());
  }

  // What the table of appendix A and the dynamic one know of a name; 0 for nothing.
  size_t IndexOfName(const std::string& name) const {
    const std::vector<Field> known = {{":authority", "1"}, {":method", "2"}, {":path", "4"},
                                      {"accept", "19"},    {"host", "38"},   {"user-agent", "58"}};
    for (const auto& [text, index] : known) {
      if (text == name) return std::stoul(index);
    }
    for (size_t i = 0; i < table_.size(); ++i) {
      if (table_[i].first == name) return kStatic + 1 + i;
    }
    return 0;
  }

  void Add(const Field& field, Buffer* block) {
    for (size_t i = 0; i < table_.size(); ++i) {
      if (table_[i] == field && random_() % 4 != 0) return Integer(0x80, 7, kStatic + 1 + i, block);
    }
    const bool kept = random_() % 2 == 0;
    const size_t index = random_() % 4 == 0 ? 0 : IndexOfName(field.first);
    if (kept) {
      Integer(0x40, 6, index, block);
    } else {
      Integer(random_() % 2 == 0 ? 0x10 : 0x00, 4, index, block);
    }
    if (index == 0) Text(field.first, block);
    Text(field.second, block);
    if (!kept) return;
    table_.push_front(field);
    bytes_ += field.first.size() + field.second.size() + 32;
    while (bytes_ > 4096) {
      bytes_ -= table_.back().first.size() + table_.back().second.size() + 32;
      table_.pop_back();
    }
  }

  std::mt19937 random_;
  std::deque<Field> table_;
  size_t bytes_ = 0;
};

FieldList RandomFields(std::mt19937* random) {
  FieldList fields = {{":method", "GET"},
                      {":authority", absl::StrCat("h", (*random)() % 90, ".example.org")},
                      {":path", absl::StrCat("/", std::string((*random)() % 300, 'p'))}};
  const char* names[] = {"accept", "user-agent",
                         "x-"
                         "one",
                         "x-two", "cookie"};
  for (size_t count = (*random)() % 30; count > 0; --count) {
    fields.emplace_back(names[(*random)() % std::size(names)],
                        std::string((*random)() % 40, static_cast<char>('!' + (*random)() % 90)));
  }
  return fields;
}

std::string HeadOf(const FieldList& fields) {
  std::string head;
  for (const Field& field : fields) {
    if (field.first == ":path") head = absl::StrCat("GET ", field.second, " HTTP/2\r\n");
  }
  for (const Field& field : fields) {
    if (field.first.starts_with(':')) continue;
    const std::string line = absl::StrCat(field.first, ": ", field.second, "\r\n");
    if (head.size() + line.size() <= 4096) head += line;
  }
  return head;
}

// A block in frames as a client may cut it.
Buffer Cut(const Buffer& block, std::mt19937* random) {
  const size_t first = (*random)() % (block.size() + 1);
  const size_t second = first + (*random)() % (block.size() - first + 1);
  return Join({Preface(), Frame(1, 0, Slice(block, 0, first)),
               Frame(9, 0, Slice(block, first, second)),
               Frame(9, 4, Slice(block, second, block.size()))});
}

// RFC 7541 appendix C.3.1, C.4.1: the same request with a plain and with a Huffman literal.
TEST(Http2, AuthorityIsReadFromTheRfcsExamples) {
  EXPECT_EQ(AuthorityOf(FromHex("8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d")),
            "www.example.com");
  EXPECT_EQ(AuthorityOf(FromHex("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff")), "www.example.com");
  // Padded, with priority.
  EXPECT_EQ(
      AuthorityOf(FromHex("02 0000000010 8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff 0000"), 0x2c),
      "www.example.com");
  EXPECT_EQ(Read(Request(FromHex("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff"))).head,
            "GET / HTTP/2\r\n");
}

TEST(Http2, AuthorityWithLiteralNameIsRead) {
  EXPECT_EQ(AuthorityOf(Join(
                {FromHex("00 0a"), FromText(":authority"), FromHex("09"), FromText("a.example")})),
            "a.example");
}

TEST(Http2, HostStandsInForAMissingAuthority) {
  PlainEncoder encoder(1);
  EXPECT_EQ(AuthorityOf(encoder.Encode({{":path", "/"}, {"host", "h.example"}})), "h.example");
  EXPECT_EQ(AuthorityOf(encoder.Encode({{":authority", "a.example"}, {"host", "h.example"}})),
            "a.example");
}

TEST(Http2, DamagedBlocksYieldNothing) {
  EXPECT_EQ(AuthorityOf(FromHex("8286 8441 ff")), "");
  EXPECT_EQ(AuthorityOf(FromHex("418c f1e3 c2e5 f23a 6ba0 ab90 f400")), "");  // wrong padding
  EXPECT_EQ(AuthorityOf({}), "");
  // An index beyond the table, behind a good name.
  EXPECT_EQ(AuthorityOf(FromHex("8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d bf")), "");
  // Another frame between the block's two.
  EXPECT_EQ(Read(Join({Preface(), Frame(1, 0, FromHex("82")), Frame(4, 0, {}),
                       Frame(9, 4, FromHex("84"))}))
                .head,
            "");
}

TEST(Http2, EveryPrefixAsksForMoreAndSaysHowMuch) {
  PlainEncoder encoder(3);
  std::mt19937 random(3);
  const FieldList fields = RandomFields(&random);
  const Buffer stream = Cut(encoder.Encode(fields), &random);
  Http2Reader reader;
  for (size_t size = 0; size < stream.size(); ++size) {
    Http2Request request;
    size_t needed = 0;
    ASSERT_EQ(reader.Read(Slice(stream, 0, size), &needed, &request), Parse::kMore) << size;
    ASSERT_GT(needed, size);
    ASSERT_LE(needed, stream.size());
  }
  EXPECT_EQ(Read(stream).authority, fields[1].second);
}

TEST(Http2, RequestsOfThePlainEncoderAreReadAsWritten) {
  std::mt19937 random(5);
  for (uint32_t round = 0; round < 2000; ++round) {
    PlainEncoder encoder(round);
    const FieldList fields = RandomFields(&random);
    const Said said = Read(Cut(encoder.Encode(fields), &random));
    ASSERT_EQ(said.authority, fields[1].second) << round;
    ASSERT_EQ(said.head, HeadOf(fields)) << round;
  }
}

// The encoder of browsers and servers: Huffman codes, what is secret never indexed.
TEST(Http2, RequestsOfNghttp2AreReadAsWritten) {
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    const FieldList fields = RandomFields(&random);
    std::vector<nghttp2_nv> pairs;
    for (const auto& [name, value] : fields) {
      pairs.push_back({reinterpret_cast<uint8_t*>(const_cast<char*>(name.data())),
                       reinterpret_cast<uint8_t*>(const_cast<char*>(value.data())), name.size(),
                       value.size(), NGHTTP2_NV_FLAG_NONE});
    }
    nghttp2_hd_deflater* deflater = nullptr;
    ASSERT_EQ(nghttp2_hd_deflate_new(&deflater, 4096), 0);
    Buffer block(nghttp2_hd_deflate_bound(deflater, pairs.data(), pairs.size()));
    const ssize_t size =
        nghttp2_hd_deflate_hd(deflater, block.data(), block.size(), pairs.data(), pairs.size());
    nghttp2_hd_deflate_del(deflater);
    ASSERT_GT(size, 0);
    block.resize(static_cast<size_t>(size));
    const Said said = Read(Cut(block, &random));
    ASSERT_EQ(said.authority, fields[1].second) << round;
    ASSERT_EQ(said.head, HeadOf(fields)) << round;
  }
}

// One field of 100 bytes, and then indexes to it: each byte stands for a hundred.
TEST(Http2, CompressionBombsEndWithinBounds) {
  Buffer block = Join({FromHex("41 09"), FromText("a.example"), FromHex("40 01"), FromText("x"),
                       FromHex("64"), Buffer(100, 'y')});
  block.resize(16000, 0xbe);
  const Said said = Read(Request(block));
  EXPECT_EQ(said.authority, "a.example");
  EXPECT_LE(said.head.size(), 4096u);
  // Fields that are all kept.
  Buffer kept = Join({FromHex("41 09"), FromText("a.example")});
  while (kept.size() < 16000) {
    const Buffer field =
        Join({FromHex("40 01"), FromText("x"), FromHex("7f 00"), Buffer(127, 'y')});
    kept.insert(kept.end(), field.begin(), field.end());
  }
  EXPECT_EQ(Read(Request(kept)).authority, "a.example");
}

TEST(Http2, ControlCharactersForgeNoLine) {
  PlainEncoder encoder(1);
  const Said said = Read(Request(encoder.Encode({{":path", "/x\r\nupgrade: websocket"},
                                                 {"x", "1\r\naccept: application/fhir+json"},
                                                 {"y", "2"}})));
  EXPECT_EQ(said.head, "GET  HTTP/2\r\ny: 2\r\n");
}

class Http2FlowTest : public testing::Test {
 protected:
  Inspector inspector_{&NameRules::BuiltIn()};
  PlainEncoder encoder_{11};
};

TEST_F(Http2FlowTest, PathAndFieldsDecideLikeThoseOfHttp1) {
  struct Case {
    FieldList fields;
    Protocol protocol;
    Category category;
  };
  const Case cases[] = {
      {{{":path", "/Patient/7"}, {"accept", "application/fhir+json"}},
       Protocol::kFhir,
       Category::kHlt},
      {{{":path", "/wado/studies/1.2.840.1/series"}}, Protocol::kDicomWeb, Category::kHlt},
      {{{":path", "/nudm-sdm/v2/imsi-001010000000001/nssai"}}, Protocol::kSbi, Category::kTel},
      {{{":path", "/index.html"}}, Protocol::kHttp2, Category::kUnk},
  };
  for (const Case& test : cases) {
    InspectedFlow flow(&inspector_);
    FieldList fields = {{":method", "GET"}, {":scheme", "http"}, {":authority", "n.test:8080"}};
    fields.insert(fields.end(), test.fields.begin(), test.fields.end());
    flow.Client(Request(encoder_.Encode(fields)));
    encoder_ = PlainEncoder(11);
    EXPECT_EQ(flow.classification().protocol, test.protocol) << test.fields[0].second;
    EXPECT_EQ(flow.classification().category, test.category);
    EXPECT_EQ(flow.classification().protection, Protection::kCleartext);
    EXPECT_THAT(flow.names(), ElementsAre("n.test"));
  }
}

TEST_F(Http2FlowTest, RequestInSegmentsOfOneByteIsRead) {
  InspectedFlow flow(&inspector_);
  const Buffer stream =
      Request(encoder_.Encode({{":path", "/fhir/Patient/7"}, {":authority", "n.test"}}));
  Inspection::State state = Inspection::State::kMore;
  for (size_t i = 0; i < stream.size() && state == Inspection::State::kMore; ++i) {
    state = flow.Client(Slice(stream, i, i + 1));
  }
  EXPECT_EQ(flow.classification().protocol, Protocol::kFhir);
  EXPECT_EQ(flow.slot(), 0);
}

}  // namespace
}  // namespace borderflow
