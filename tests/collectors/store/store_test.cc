#include "collectors/store/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "tests/collectors/store/windows.h"
#include "tests/dataplane/count/describe.h"

namespace borderflow {
namespace {

using testing::HasSubstr;

class StoreTest : public testing::Test {
 protected:
  StoreTest()
      : path_(testing::TempDir() + "borderflow_store_" + std::to_string(getpid()) + ".sqlite") {
    Remove();
  }
  ~StoreTest() override { Remove(); }

  void Remove() const {
    for (const char* companion : {"", "-wal", "-shm", "-journal", ".key"}) {
      std::remove((path_ + companion).c_str());
    }
  }
  std::unique_ptr<Store> Open(Store::Mode mode = Store::Mode::kCreate) const {
    absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(path_, mode);
    EXPECT_TRUE(store.ok()) << store.status();
    return store.ok() ? *std::move(store) : nullptr;
  }
  std::string Refused(Store::Mode mode = Store::Mode::kRead) const {
    const absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(path_, mode);
    EXPECT_FALSE(store.ok());
    return store.ok() ? "" : std::string(store.status().message());
  }
  void Sql(const std::string& sql) const {
    sqlite3* file = nullptr;
    ASSERT_EQ(sqlite3_open(path_.c_str(), &file), SQLITE_OK);
    char* message = nullptr;
    EXPECT_EQ(sqlite3_exec(file, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK) << message;
    sqlite3_close(file);
  }

  const std::string path_;
  const std::string statement_ = ToStatementJson(MakeStatement("one"));
};

SpanCounts SumOf(const std::vector<Window>& windows) {
  SpanCounts sum;
  for (const Window& window : windows) {
    AddCounts({window.counts, window.dropped, window.damaged}, &sum);
  }
  return sum;
}

void ExpectHolds(Store* store, const TimeRange& range, const std::vector<Window>& windows) {
  const absl::StatusOr<StoredRange> found = store->Read(range);
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->parts.size(), windows.empty() ? 0u : 1u);
  if (windows.empty()) return;
  const SpanCounts expected = SumOf(windows);
  ExpectSame(found->parts[0].counts.snapshot, expected.snapshot);
  EXPECT_EQ(found->parts[0].counts.dropped, expected.dropped);
}

TEST_F(StoreTest, IsForItsOwnerOnlyAndSaysThatItIsUnsuppressed) {
  const std::unique_ptr<Store> store = Open();
  std::mt19937_64 random(1);
  ASSERT_TRUE(*store->Append(RandomWindow(&random, 0, kMonday), statement_));
  for (const char* companion : {"", "-wal", "-shm", ".key"}) {
    struct stat status = {};
    ASSERT_EQ(stat((path_ + companion).c_str(), &status), 0) << companion;
    EXPECT_EQ(status.st_mode & 0777, 0600u) << companion;
  }
  const auto file = SqliteFile::Open(path_, SqliteFile::Mode::kRead);
  EXPECT_EQ(*(*file)->Integer("SELECT count(*) FROM property WHERE name = 'suppressed' AND value = "
                              "'false'"),
            1);
}

TEST_F(StoreTest, GivesBackWhatWasStored) {
  const std::unique_ptr<Store> store = Open();
  std::mt19937_64 random(2);
  const Window window = RandomWindow(&random, 0, kMonday, 200);
  ASSERT_TRUE(*store->Append(window, statement_));
  ExpectHolds(store.get(), {}, {window});
  const absl::StatusOr<StoredRange> found = Open(Store::Mode::kRead)->Read({});
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(ToStatementJson(found->parts[0].statement), statement_);
  const auto windows = store->Windows();
  ASSERT_EQ(windows->size(), 1u);
  EXPECT_EQ(windows->front().begin, kMonday);
  EXPECT_THAT(windows->front().coverage, HasSubstr("\"located\""));
}

TEST_F(StoreTest, AWindowIsStoredOnce) {
  const std::unique_ptr<Store> store = Open();
  std::mt19937_64 random(3);
  const Window first = RandomWindow(&random, 0, kMonday);
  const Window second = RandomWindow(&random, 1, kMonday + 60);
  EXPECT_TRUE(*store->Append(first, statement_));
  EXPECT_FALSE(*store->Append(first, statement_));
  EXPECT_TRUE(*store->Append(second, statement_));
  EXPECT_FALSE(*store->Append(first, statement_));
  EXPECT_EQ(*store->NextSequence("one"), 2u);
  EXPECT_EQ(*store->NextSequence("another"), 0u);
  ExpectHolds(store.get(), {}, {first, second});
  // Nor after its windows were pruned.
  ASSERT_TRUE(store->RollUp(kMonday + 90 * 86'400).ok());
  ASSERT_TRUE(store->Prune({60, 60, 60}, kMonday + 90 * 86'400).ok());
  EXPECT_FALSE(*store->Append(second, statement_));
  ExpectHolds(store.get(), {}, {first, second});
}

// Any order of appending, rolling up and pruning gives the same sums, over any span that is still
// told apart.
TEST_F(StoreTest, RollingUpAndPruningKeepTheSums) {
  for (uint64_t seed = 0; seed < 8; ++seed) {
    SCOPED_TRACE(seed);
    Remove();
    std::unique_ptr<Store> store = Open();
    std::mt19937_64 random(seed);
    std::vector<Window> windows;
    uint64_t time = kMonday;
    for (uint64_t sequence = 0; sequence < 60; ++sequence) {
      windows.push_back(RandomWindow(&random, sequence, time, 8));
      ASSERT_TRUE(*store->Append(windows.back(), statement_));
      time += 60 * (1 + random() % 90);
      // A clock that was set back: windows of hours and days that have rolled up already.
      if (random() % 15 == 0) time -= 60 * (random() % 2000);
      if (random() % 6 == 0) {
        ASSERT_TRUE(store->RollUp(time).ok());
      }
      if (random() % 10 == 0) {
        ASSERT_TRUE(store->Prune({7200, 2 * 86'400, 3 * 86'400}, time).ok());
      }
      if (random() % 20 == 0) store = Open();
      ExpectHolds(store.get(), {}, windows);
    }
  }
}

TEST_F(StoreTest, AnySpanOfWholeWindowsIsTheirSum) {
  const std::unique_ptr<Store> store = Open();
  std::mt19937_64 random(11);
  std::vector<Window> windows;
  for (uint64_t sequence = 0; sequence < 80; ++sequence) {
    windows.push_back(RandomWindow(&random, sequence, kMonday + sequence * 45 * 60, 5));
    ASSERT_TRUE(*store->Append(windows.back(), statement_));
  }
  for (const bool rolled_up : {false, true}) {
    if (rolled_up) {
      ASSERT_TRUE(store->RollUp(windows.back().begin).ok());
    }
    for (int i = 0; i < 60; ++i) {
      const uint64_t from = kMonday + random() % (80 * 45 * 60);
      const uint64_t to = from + 1 + random() % (80 * 45 * 60);
      std::vector<Window> expected;
      for (const Window& window : windows) {
        if (window.begin < to && window.begin + window.width > from) expected.push_back(window);
      }
      ExpectHolds(store.get(), {from, to}, expected);
    }
  }
}

TEST_F(StoreTest, WhereWindowsWerePrunedHoursCountAsAWhole) {
  const std::unique_ptr<Store> store = Open();
  std::mt19937_64 random(12);
  std::vector<Window> windows;
  for (uint64_t sequence = 0; sequence < 180; ++sequence) {
    windows.push_back(RandomWindow(&random, sequence, kMonday + sequence * 60, 3));
    ASSERT_TRUE(*store->Append(windows.back(), statement_));
  }
  const uint64_t now = kMonday + 3 * 3600;
  ASSERT_TRUE(store->RollUp(now).ok());
  ASSERT_TRUE(store->Prune({3600, 0, 0}, now).ok());
  EXPECT_EQ(store->Windows()->size(), 60u);
  const absl::StatusOr<StoredRange> found = store->Read({kMonday + 5000, kMonday + 9000});
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->from, kMonday + 3600);
  EXPECT_EQ(found->to, kMonday + 9000);
  ExpectHolds(store.get(), {kMonday + 5000, kMonday + 9000},
              {windows.begin() + 60, windows.begin() + 150});
}

TEST_F(StoreTest, TheTotalOverAllTimeIsNeverPruned) {
  const std::unique_ptr<Store> store = Open();
  std::mt19937_64 random(13);
  std::vector<Window> windows;
  for (uint64_t day = 0; day < 30; ++day) {
    windows.push_back(RandomWindow(&random, day, kMonday + day * 86'400));
    ASSERT_TRUE(*store->Append(windows.back(), statement_));
    ASSERT_TRUE(store->RollUp(windows.back().begin).ok());
    ASSERT_TRUE(store->Prune({60, 60, 86'400}, windows.back().begin).ok());
  }
  EXPECT_LE(store->Windows()->size(), 2u);
  ExpectHolds(store.get(), {}, windows);
}

TEST_F(StoreTest, SensorsAndStatementsAreKeptApart) {
  const std::unique_ptr<Store> store = Open();
  std::mt19937_64 random(14);
  Window one = RandomWindow(&random, 0, kMonday);
  Window other = RandomWindow(&random, 0, kMonday);
  other.sensor = "other";
  Window later = RandomWindow(&random, 1, kMonday + 60);
  ASSERT_TRUE(*store->Append(one, statement_));
  ASSERT_TRUE(*store->Append(other, ToStatementJson(MakeStatement("other"))));
  ASSERT_TRUE(*store->Append(later, ToStatementJson(MakeStatement("one", "d2"))));
  ASSERT_TRUE(store->RollUp(kMonday + 86'400).ok());
  const absl::StatusOr<StoredRange> found = store->Read({});
  ASSERT_EQ(found->parts.size(), 3u);
  ExpectSame(found->parts[0].counts.snapshot, one.counts);
  ExpectSame(found->parts[1].counts.snapshot, later.counts);
  ExpectSame(found->parts[2].counts.snapshot, other.counts);
  EXPECT_THAT(Unlike(found->parts[0].statement, found->parts[1].statement),
              HasSubstr("address databases: d1 and d2"));
  EXPECT_EQ(Unlike(found->parts[0].statement, found->parts[2].statement), "");
}

TEST_F(StoreTest, TwoWritersTakeTurns) {
  const std::unique_ptr<Store> one = Open();
  const std::unique_ptr<Store> two = Open();
  std::mt19937_64 random(15);
  std::vector<Window> windows;
  for (uint64_t sequence = 0; sequence < 20; ++sequence) {
    windows.push_back(RandomWindow(&random, sequence, kMonday + 60 * sequence, 40));
    ASSERT_TRUE(*(sequence % 2 == 0 ? one : two)->Append(windows.back(), statement_));
  }
  ExpectHolds(one.get(), {}, windows);
  ExpectHolds(two.get(), {}, windows);
}

// ---- bad input

TEST_F(StoreTest, AFileThatIsNoneIsNamed) {
  EXPECT_THAT(Refused(), HasSubstr("cannot be opened"));
  std::ofstream(path_) << std::string(5000, 'x');
  EXPECT_THAT(Refused(), HasSubstr("is no store"));
  EXPECT_THAT(Refused(Store::Mode::kCreate), HasSubstr("is no store"));
  std::ofstream(path_, std::ios::trunc);
  EXPECT_THAT(Refused(), HasSubstr("empty file"));
  Sql("CREATE TABLE mine(x)");
  EXPECT_THAT(Refused(), HasSubstr("of another program"));
  EXPECT_THAT(Refused(Store::Mode::kCreate), HasSubstr("of another program"));
}

TEST_F(StoreTest, ANewerVersionIsRefused) {
  Open();
  Sql("PRAGMA user_version = 99");
  EXPECT_THAT(Refused(), HasSubstr("its version is 99, and this borderflow knows 3"));
  EXPECT_THAT(Refused(Store::Mode::kWrite), HasSubstr("written by a newer one"));
}

TEST_F(StoreTest, AnOlderVersionIsBroughtUpToDateAndKeepsItsWindows) {
  std::mt19937_64 random(16);
  const Window window = RandomWindow(&random, 0, kMonday);
  ASSERT_TRUE(*Open()->Append(window, statement_));
  Sql("ALTER TABLE span DROP COLUMN coverage; PRAGMA user_version = 1");
  const std::unique_ptr<Store> store = Open(Store::Mode::kRead);
  ASSERT_NE(store, nullptr);
  ExpectHolds(store.get(), {}, {window});
  EXPECT_EQ(store->Windows()->front().coverage, "");
}

// Whoever has the database alone, however often he asks it.
TEST_F(StoreTest, TheDatabaseWithoutItsKeyCannotBeTestedForAddresses) {
  Window window;
  window.sensor = "one";
  window.begin = kMonday;
  window.width = 60;
  std::vector<ClientSet> plain;
  for (const uint32_t clients : {1u, 3u, 16u, 40u, 5000u}) {
    Cell cell;
    cell.key.source.asn = clients;
    cell.counters = {clients, 100, 50, clients};
    for (uint32_t i = 0; i < clients; ++i) {
      cell.clients.Add(IpAddress::FromV4(0xcb007100 + i));  // 203.0.113.0 and on
    }
    plain.push_back(cell.clients);
    window.counts.cells.push_back(cell);
  }
  SortAndFold(&window.counts.cells);
  ASSERT_TRUE(*Open()->Append(window, statement_));
  ASSERT_TRUE(Open(Store::Mode::kWrite)->RollUp(kMonday + 40 * 86'400).ok());
  // As it lies on the disk, in every tier, no hash and no sketch of them is there.
  Sql("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
  std::ifstream in(path_, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  for (const ClientSet& set : plain) {
    const std::string written = set.ToBytes();
    EXPECT_EQ(bytes.find(written.substr(1, 8)), std::string::npos) << set.Estimate();
    EXPECT_EQ(bytes.find(written.substr(written.size() / 2, 8)), std::string::npos);
  }
  // With the key it is whole.
  const auto found = Open(Store::Mode::kRead)->Read({});
  ASSERT_TRUE(found.ok()) << found.status();
  ExpectSame(found->parts[0].counts.snapshot, SumOf({window}).snapshot);
  // Without it, or with another's, nothing is guessed.
  const std::string key = path_ + ".key";
  std::filesystem::rename(key, key + ".away");
  for (const Store::Mode mode : {Store::Mode::kRead, Store::Mode::kWrite, Store::Mode::kCreate}) {
    EXPECT_THAT(Refused(mode), HasSubstr(".key: is not there"));
  }
  std::ofstream(key) << std::string(64, 'a') << "\n";
  EXPECT_THAT(Refused(), HasSubstr("is the key of another store"));
  std::ofstream(key) << "secret\n";
  EXPECT_THAT(Refused(), HasSubstr("expected 64 hexadecimal digits"));
  std::filesystem::rename(key + ".away", key);
  EXPECT_TRUE(Open(Store::Mode::kRead)->Read({}).ok());
}

TEST_F(StoreTest, SetsOfAnOlderVersionAreReadAndNewOnesAreSealedBesideThem) {
  std::mt19937_64 random(21);
  const Window old = RandomWindow(&random, 0, kMonday);
  {
    const std::unique_ptr<Store> store = Open();
    ASSERT_TRUE(*store->Append(old, statement_));
  }
  // As version 2 wrote them.
  std::vector<Cell> cells = old.counts.cells;
  for (const Cell& cell : cells) {
    if (cell.clients.Estimate() == 0) continue;
    std::string hex;
    for (const char c : cell.clients.ToBytes()) {
      absl::StrAppend(&hex, absl::Hex(static_cast<uint8_t>(c), absl::kZeroPad2));
    }
    Sql(absl::StrCat("UPDATE cell SET clients = x'", hex, "' WHERE frames = ", cell.counters.frames,
                     " AND bytes = ", cell.counters.bytes));
  }
  Sql("DELETE FROM property WHERE name = 'client_key'; PRAGMA user_version = 2");
  std::remove((path_ + ".key").c_str());
  const Window later = RandomWindow(&random, 1, kMonday + 60);
  {
    const std::unique_ptr<Store> store = Open(Store::Mode::kRead);
    ASSERT_NE(store, nullptr);
    ExpectHolds(store.get(), {}, {old});
  }
  ASSERT_TRUE(*Open(Store::Mode::kWrite)->Append(later, statement_));
  ExpectHolds(Open(Store::Mode::kRead).get(), {}, {old, later});
  EXPECT_TRUE(std::filesystem::exists(path_ + ".key"));
}

TEST_F(StoreTest, DamageIsSaidNotGuessed) {
  std::mt19937_64 random(17);
  ASSERT_TRUE(*Open()->Append(RandomWindow(&random, 0, kMonday), statement_));
  Sql("UPDATE cell SET clients = x'ff00' WHERE key = 1");
  EXPECT_EQ(Open()->Read({}).status().code(), absl::StatusCode::kDataLoss);
  Sql("UPDATE cell SET clients = NULL; UPDATE cell SET key = 900 WHERE key = 1");
  EXPECT_THAT(std::string(Open()->Read({}).status().message()), HasSubstr("the key 900"));
  Sql("UPDATE cell SET key = 1 WHERE key = 900; UPDATE span SET counts = '[1]'");
  EXPECT_EQ(Open()->Read({}).status().code(), absl::StatusCode::kDataLoss);
  Sql("UPDATE span SET counts = '{}'; UPDATE statement SET json = '{\"version\": 3}'");
  EXPECT_EQ(Open()->Read({}).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(StoreTest, BytesThatWereChangedNeverCrashAReader) {
  {
    const std::unique_ptr<Store> store = Open();
    std::mt19937_64 random(18);
    for (uint64_t i = 0; i < 5; ++i) {
      ASSERT_TRUE(*store->Append(RandomWindow(&random, i, kMonday + 60 * i), statement_));
    }
  }
  std::ifstream in(path_, std::ios::binary);
  const std::string sound((std::istreambuf_iterator<char>(in)), {});
  ASSERT_GT(sound.size(), 10'000u);
  std::mt19937_64 random(19);
  int refused = 0;
  for (int i = 0; i < 150; ++i) {
    std::string bytes = sound;
    for (int n = 0; n < 20; ++n) bytes[random() % bytes.size()] = static_cast<char>(random());
    if (i % 5 == 0) bytes.resize(random() % bytes.size());
    Remove();
    std::ofstream(path_, std::ios::binary) << bytes;
    const absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(path_, Store::Mode::kRead);
    refused += !store.ok() || !(*store)->Read({}).ok() ? 1 : 0;
  }
  EXPECT_GT(refused, 20);
}

// The disk is as full as a limit on the size of files makes it.
TEST_F(StoreTest, AFullDiskLosesTheWindowAtHandOnly) {
  const std::unique_ptr<Store> store = Open();
  std::mt19937_64 random(20);
  std::vector<Window> windows;
  for (uint64_t i = 0; i < 3; ++i) {
    windows.push_back(RandomWindow(&random, i, kMonday + 60 * i));
    ASSERT_TRUE(*store->Append(windows.back(), statement_));
  }
  rlimit before = {};
  getrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = std::filesystem::file_size(path_ + "-wal") + 4096;
  setrlimit(RLIMIT_FSIZE, &small);
  const absl::StatusOr<bool> full =
      store->Append(RandomWindow(&random, 3, kMonday + 180, 3000), statement_);
  setrlimit(RLIMIT_FSIZE, &before);
  ASSERT_FALSE(full.ok());
  EXPECT_THAT(std::string(full.status().message()), HasSubstr(path_));
  // Space again: goes on as if nothing had been.
  windows.push_back(RandomWindow(&random, 3, kMonday + 180));
  EXPECT_TRUE(*store->Append(windows.back(), statement_));
  ExpectHolds(store.get(), {}, windows);
}

TEST_F(StoreTest, AFolderThatIsNotThereIsNamed) {
  const auto store = Store::Open("/no/such/folder/x.sqlite", Store::Mode::kCreate);
  ASSERT_FALSE(store.ok());
  EXPECT_THAT(std::string(store.status().message()), HasSubstr("/no/such/folder/x.sqlite"));
}

TEST_F(StoreTest, AFileThatMayOnlyBeReadIsNamed) {
  Open();
  chmod(path_.c_str(), S_IRUSR);
  // Root may write to any file: be nobody for a moment.
  constexpr uid_t kNobody = 65534;
  const bool root = geteuid() == 0;
  if (root) {
    ASSERT_EQ(chown(path_.c_str(), kNobody, kNobody), 0);
    ASSERT_EQ(seteuid(kNobody), 0);
  }
  const std::string said = Refused(Store::Mode::kCreate);
  if (root) {
    ASSERT_EQ(seteuid(0), 0);
  }
  EXPECT_THAT(said, HasSubstr(path_ + ": cannot be written: Permission denied"));
}

}  // namespace
}  // namespace borderflow
