// A writer that is killed at any instant loses the window at hand, and nothing else.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "collectors/store/store.h"
#include "tests/collectors/store/windows.h"
#include "tests/dataplane/count/describe.h"

namespace borderflow {
namespace {

constexpr int kKills = 100;
constexpr size_t kCells = 400;

// The windows are the same for whoever makes them.
Window NthWindow(uint64_t sequence) {
  std::mt19937_64 random(sequence);
  return RandomWindow(&random, sequence, kMonday + sequence * 1200, kCells);
}

// Appends windows and rolls them up, and says after each that it is stored, until it is killed.
[[noreturn]] void WriteUntilKilled(const std::string& path, const std::string& statement,
                                   int told) {
  const auto store = Store::Open(path, Store::Mode::kCreate);
  if (!store.ok()) _exit(1);
  const absl::StatusOr<uint64_t> next = (*store)->NextSequence("one");
  if (!next.ok()) _exit(2);
  for (uint64_t sequence = *next;; ++sequence) {
    const Window window = NthWindow(sequence);
    if (!(*store)->Append(window, statement).ok()) _exit(3);
    if (write(told, &sequence, sizeof(sequence)) != sizeof(sequence)) _exit(4);
    if (!(*store)->RollUp(window.begin).ok()) _exit(5);
    if (!(*store)->Prune({7200, 86'400, 0}, window.begin).ok()) _exit(6);
  }
}

TEST(StoreCrash, AKilledWriterLosesAtMostTheOpenWindow) {
  const std::string path =
      testing::TempDir() + "borderflow_crash_" + std::to_string(getpid()) + ".sqlite";
  const std::string statement = ToStatementJson(MakeStatement("one"));
  std::mt19937_64 random(7);
  Snapshot expected;
  uint64_t added = 0;  // windows in `expected`
  for (int kill_count = 0; kill_count < kKills; ++kill_count) {
    SCOPED_TRACE(kill_count);
    int told[2] = {};
    ASSERT_EQ(pipe(told), 0);
    const pid_t writer = fork();
    ASSERT_GE(writer, 0);
    if (writer == 0) {
      close(told[0]);
      WriteUntilKilled(path, statement, told[1]);
    }
    close(told[1]);
    // A few windows on, at any instant of the next.
    uint64_t acknowledged = added;
    uint64_t sequence = 0;
    for (uint64_t wait = random() % 3;
         wait > 0 && read(told[0], &sequence, sizeof(sequence)) == sizeof(sequence); --wait) {
      acknowledged = sequence + 1;
    }
    const timespec pause = {0, static_cast<long>(random() % 25'000'000)};
    nanosleep(&pause, nullptr);
    ASSERT_EQ(kill(writer, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(waitpid(writer, &status, 0), writer);
    ASSERT_TRUE(WIFSIGNALED(status)) << "ended by itself with " << WEXITSTATUS(status);
    while (read(told[0], &sequence, sizeof(sequence)) == sizeof(sequence)) {
      acknowledged = sequence + 1;
    }
    close(told[0]);

    const auto store = Store::Open(path, Store::Mode::kCreate);
    ASSERT_TRUE(store.ok()) << store.status();
    const uint64_t stored = *(*store)->NextSequence("one");
    // What was said to be stored is, and perhaps one more that it had no time to speak of.
    ASSERT_GE(stored, acknowledged);
    ASSERT_LE(stored, acknowledged + 1);
    for (; added < stored; ++added) AddWindow(NthWindow(added).counts, &expected);
    const absl::StatusOr<StoredRange> found = (*store)->Read({});
    ASSERT_TRUE(found.ok()) << found.status();
    if (stored > 0) ExpectSame(found->parts.at(0).counts.snapshot, expected);
    const auto file = SqliteFile::Open(path, SqliteFile::Mode::kRead);
    ASSERT_TRUE(file.ok());
    auto check = (*file)->Prepare("PRAGMA integrity_check");
    ASSERT_TRUE(*check->Step());
    ASSERT_EQ(check->Text(0), "ok");
  }
  EXPECT_GE(added, uint64_t{kKills} / 2);
  for (const char* companion : {"", "-wal", "-shm", ".key"})
    std::remove((path + companion).c_str());
}

}  // namespace
}  // namespace borderflow
