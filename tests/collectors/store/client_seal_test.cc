#include "collectors/store/client_seal.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

namespace borderflow {
namespace {

class ClientSealTest : public testing::Test {
 protected:
  ~ClientSealTest() override { std::remove(path_.c_str()); }
  std::unique_ptr<ClientSeal> Make() const {
    auto seal = ClientSeal::LoadOrMake(path_);
    EXPECT_TRUE(seal.ok()) << seal.status();
    return seal.ok() ? *std::move(seal) : nullptr;
  }
  const std::string path_ =
      testing::TempDir() + "borderflow_seal_" + std::to_string(getpid()) + ".key";
};

absl::Span<const uint8_t> BytesOf(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

TEST_F(ClientSealTest, WhatIsSealedIsOpenedByWhoeverHasTheKeyFile) {
  const auto seal = Make();
  const auto again = Make();
  EXPECT_EQ(seal->id(), again->id());
  for (size_t size = 0; size <= 800; size += size < 40 ? 1 : 37) {
    std::string set(size, '\0');
    for (size_t i = 0; i < size; ++i) set[i] = static_cast<char>(i * 7);
    const std::string sealed = seal->Seal(5, 9, set);
    ASSERT_EQ(sealed.size(), size + 7);
    ASSERT_TRUE(ClientSeal::IsSealed(BytesOf(sealed)));
    std::vector<uint8_t> opened;
    ASSERT_TRUE(again->Open(5, 9, BytesOf(sealed), &opened));
    EXPECT_EQ(std::string(opened.begin(), opened.end()), set);
  }
}

TEST_F(ClientSealTest, EqualSetsLookDifferentInEveryRowAndEachTimeThatTheyAreWritten) {
  const auto seal = Make();
  const std::string set(9, 'x');
  std::set<std::string> seen;
  for (int64_t span = 0; span < 10; ++span) {
    for (int64_t key = 0; key < 10; ++key) {
      for (int time = 0; time < 3; ++time) seen.insert(seal->Seal(span, key, set).substr(7));
    }
  }
  EXPECT_EQ(seen.size(), 300u);
}

TEST_F(ClientSealTest, AnotherKeyOrRowOpensNothing) {
  const auto seal = Make();
  const std::string sealed = seal->Seal(1, 2, "sixteen is a set");
  std::remove(path_.c_str());
  const auto other = Make();
  EXPECT_NE(seal->id(), other->id());
  std::vector<uint8_t> opened;
  for (const auto& [who, span, key] : {std::tuple(other.get(), 1, 2), std::tuple(seal.get(), 2, 2),
                                       std::tuple(seal.get(), 1, 3)}) {
    ASSERT_TRUE(who->Open(span, key, BytesOf(sealed), &opened));
    EXPECT_NE(std::string(opened.begin(), opened.end()), "sixteen is a set");
  }
  EXPECT_FALSE(seal->Open(1, 2, BytesOf(sealed).subspan(0, 6), &opened));
}

TEST_F(ClientSealTest, TheKeyIsForItsOwnerOnlyAndManyWhoMakeItAtOnceHaveTheSame) {
  std::vector<std::string> ids(8);
  std::vector<std::thread> makers;
  for (std::string& id : ids) makers.emplace_back([this, &id] { id = Make()->id(); });
  for (std::thread& maker : makers) maker.join();
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 1u);
  struct stat status = {};
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_EQ(status.st_size, 65);
}

TEST_F(ClientSealTest, WhatIsNoKeyIsRefused) {
  EXPECT_TRUE(absl::IsNotFound(ClientSeal::Load(path_).status()));
  for (const std::string& text : {std::string(), std::string("00"), std::string(63, '0') + "g"}) {
    std::ofstream(path_) << text;
    EXPECT_TRUE(absl::IsInvalidArgument(ClientSeal::LoadOrMake(path_).status())) << text;
  }
  EXPECT_TRUE(absl::IsUnavailable(ClientSeal::LoadOrMake("/proc/none/x.key").status()) ||
              absl::IsNotFound(ClientSeal::LoadOrMake("/proc/none/x.key").status()));
}

}  // namespace
}  // namespace borderflow
