#include "dataplane/count/client_set.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "dataplane/count/hyperloglog.h"

namespace borderflow {
namespace {

// 1.04 / sqrt(1024); five of them are exceeded once in two million.
constexpr double kStandardError = 0.0325;

IpAddress Client(uint64_t number) {
  return number % 2 == 0 ? IpAddress::FromV4(static_cast<uint32_t>(0x0a000000 + number))
                         : IpAddress{uint64_t{0x20010db8} << 32, number};
}

void ExpectWithinFiveErrors(uint64_t estimate, uint64_t truth) {
  EXPECT_NEAR(static_cast<double>(estimate), static_cast<double>(truth),
              5 * kStandardError * static_cast<double>(truth));
}

TEST(ClientSet, ExactToSixteenWhateverTheOrderAndRepetition) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 500; ++round) {
    ClientSet set;
    std::set<IpAddress> twin;
    while (twin.size() < ClientSet::kExact) {
      const IpAddress client = Client(random() % 24);
      set.Add(client);
      twin.insert(client);
      ASSERT_TRUE(set.exact());
      ASSERT_EQ(set.Estimate(), twin.size());
    }
  }
}

TEST(ClientSet, EstimateIsWithinFiveStandardErrors) {
  ClientSet set;
  uint64_t added = 0;
  for (const uint64_t size : {17, 50, 300, 1000, 2560, 3000, 5000, 20000, 100000, 1000000}) {
    while (added < size) set.Add(Client(added++));
    EXPECT_FALSE(set.exact());
    ExpectWithinFiveErrors(set.Estimate(), size);
  }
}

TEST(ClientSet, RepetitionAddsNothing) {
  ClientSet set;
  for (uint64_t i = 0; i < 1000; ++i) set.Add(Client(i));
  const uint64_t once = set.Estimate();
  for (uint64_t i = 0; i < 100'000; ++i) set.Add(Client(i % 1000));
  EXPECT_EQ(set.Estimate(), once);
}

TEST(ClientSet, MergeIsUnionInAnyOrderAndGrouping) {
  std::mt19937_64 random(2);
  for (const uint64_t most : {3, 8, 40, 3000}) {
    for (int round = 0; round < 20; ++round) {
      std::vector<ClientSet> parts(6);
      ClientSet whole;
      std::set<IpAddress> twin;
      for (ClientSet& part : parts) {
        for (uint64_t left = random() % most; left > 0; --left) {
          const IpAddress client = Client(random() % (2 * most));
          part.Add(client);
          whole.Add(client);
          twin.insert(client);
        }
      }
      std::shuffle(parts.begin(), parts.end(), random);
      ClientSet left = parts[0];
      for (size_t i = 1; i < 3; ++i) left.Merge(parts[i]);
      ClientSet right;
      for (size_t i = 3; i < 6; ++i) right.Merge(parts[i]);
      left.Merge(right);
      ASSERT_EQ(left.Estimate(), whole.Estimate());
      ASSERT_EQ(left.exact(), whole.exact());
      if (left.exact()) {
        ASSERT_EQ(left.Estimate(), twin.size());
      } else {
        ExpectWithinFiveErrors(left.Estimate(), twin.size());
      }
    }
  }
}

TEST(HyperLogLog, RankNeverLeavesItsByteAndEmptyIsZero) {
  std::vector<uint8_t> registers(hyperloglog::kRegisters);
  EXPECT_EQ(hyperloglog::Estimate(registers.data()), 0u);
  hyperloglog::Add(0, registers.data());
  hyperloglog::Add(UINT64_MAX, registers.data());
  EXPECT_EQ(registers.front(), 64 - hyperloglog::kRegisterBits + 1) << "all other bits zero";
  EXPECT_EQ(registers.back(), 1);
  EXPECT_EQ(hyperloglog::Estimate(registers.data()), 2u);
}

// The register and rank of each hash, read off its binary digits.
TEST(HyperLogLog, RegistersHoldTheLongestRunOfZeros) {
  std::mt19937_64 random(3);
  std::vector<uint8_t> registers(hyperloglog::kRegisters), expected(hyperloglog::kRegisters);
  for (int i = 0; i < 20'000; ++i) {
    const uint64_t hash = random();
    hyperloglog::Add(hash, registers.data());
    uint8_t rank = 1;
    for (int bit = 63 - hyperloglog::kRegisterBits; bit >= 0 && (hash >> bit & 1) == 0; --bit) {
      ++rank;
    }
    uint8_t& highest = expected[hash / (UINT64_MAX / hyperloglog::kRegisters + 1)];
    highest = std::max(highest, rank);
  }
  EXPECT_EQ(registers, expected);
}

absl::Span<const uint8_t> AsBytes(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

TEST(ClientSetBytes, AreTheSetAndMergeAsItDoes) {
  std::mt19937_64 random(4);
  for (const size_t size : {0, 1, 2, 16, 17, 100, 300, 390, 400, 1000, 20'000}) {
    ClientSet one, other;
    for (size_t i = 0; i < size; ++i) one.AddHash(random());
    for (size_t i = 0; i < 20'000 / (size + 1); ++i) other.AddHash(random());
    const std::string bytes = one.ToBytes();
    EXPECT_LE(bytes.size(), 769u);
    const std::optional<ClientSet> read = ClientSet::FromBytes(AsBytes(bytes));
    ASSERT_TRUE(read.has_value()) << size;
    EXPECT_EQ(*read, one);
    ClientSet merged = other, by_bytes = other;
    merged.Merge(one);
    EXPECT_TRUE(by_bytes.MergeBytes(AsBytes(bytes)));
    EXPECT_EQ(by_bytes, merged);
  }
}

TEST(ClientSetBytes, NothingElseIsRead) {
  const auto refused = [](const std::string& bytes) {
    return !ClientSet::FromBytes(AsBytes(bytes)).has_value();
  };
  using std::string_literals::operator""s;
  EXPECT_TRUE(refused(""));
  EXPECT_TRUE(refused("\x01short"s));
  EXPECT_TRUE(refused("\x11"s + std::string(17 * 8, 'x'))) << "17 are no exact set";
  EXPECT_TRUE(refused("\x02"s + std::string(16, 'x'))) << "twice the same";
  EXPECT_TRUE(refused("\x80\x01"s)) << "half a register";
  EXPECT_TRUE(refused("\x80\x41\x00\x40\x00"s)) << "rank 0";
  EXPECT_TRUE(refused("\x80\x81\x00\x41\x00"s)) << "not rising";
  EXPECT_TRUE(refused("\xc0"s + std::string(768, '\0'))) << "has a shorter form";
  EXPECT_TRUE(refused("\xc0"s + std::string(768, '\xff'))) << "ranks beyond the hash";
}

}  // namespace
}  // namespace borderflow
