#include "rules/digest/sha256.h"

#include <gtest/gtest.h>

#include <fstream>

namespace borderflow {
namespace {

// FIPS 180-4, examples of one and two blocks.
constexpr char kAbc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr char kTwoBlocks[] = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1";

TEST(Sha256Test, MatchesThePublishedExamples) {
  EXPECT_EQ(Sha256Hex(std::string_view("abc")), kAbc);
  EXPECT_EQ(Sha256Hex(std::string_view("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            kTwoBlocks);
}

TEST(Sha256Test, AFileInPiecesEqualsItsBytesAtOnce) {
  const std::string path = testing::TempDir() + "/sha256_test_pieces";
  const std::string bytes((size_t{1} << 20) + 12345, 'x');
  std::ofstream(path, std::ios::binary) << bytes;
  const absl::StatusOr<std::string> digest = Sha256OfFile(path);
  ASSERT_TRUE(digest.ok()) << digest.status();
  EXPECT_EQ(*digest, Sha256Hex(std::string_view(bytes)));
}

TEST(Sha256Test, AMissingFileIsNamed) {
  const absl::StatusOr<std::string> digest = Sha256OfFile("/nowhere/at-all");
  EXPECT_TRUE(absl::IsNotFound(digest.status()));
  EXPECT_NE(digest.status().message().find("/nowhere/at-all"), absl::string_view::npos);
}

}  // namespace
}  // namespace borderflow
