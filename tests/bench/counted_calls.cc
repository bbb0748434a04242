#include "tests/bench/counted_calls.h"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <new>

#include "absl/synchronization/mutex.h"
#include "dataplane/stage_probe.h"

namespace {

std::atomic<bool> counting{false};
std::atomic<uint64_t> allocations{0};
std::atomic<uint64_t> locks{0};
std::atomic<uint64_t> clock_reads{0};

void Note(std::atomic<uint64_t>* counter) {
  if (counting.load(std::memory_order_relaxed)) counter->fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

#if defined(__SANITIZE_ADDRESS__)

[[gnu::noinline]] void* operator new(size_t size) {
  Note(&allocations);
  if (void* memory = std::malloc(size); memory != nullptr) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(size_t size, const std::nothrow_t&) noexcept {
  Note(&allocations);
  return std::malloc(size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, size_t) noexcept { std::free(memory); }

#else

// The functions of this name in the libraries behind the program.
template <typename Function>
static Function* Next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

extern "C" {

// glibc's own names for its allocator: dlsym itself allocates. NOLINTBEGIN
void* __libc_malloc(size_t size) noexcept;
void* __libc_calloc(size_t count, size_t size) noexcept;
void* __libc_realloc(void* memory, size_t size) noexcept;
void* __libc_memalign(size_t alignment, size_t size) noexcept;
void __libc_free(void* memory) noexcept;
// NOLINTEND

void* malloc(size_t size) noexcept {
  Note(&allocations);
  return __libc_malloc(size);
}
void* calloc(size_t count, size_t size) noexcept {
  Note(&allocations);
  return __libc_calloc(count, size);
}
void* realloc(void* memory, size_t size) noexcept {
  Note(&allocations);
  return __libc_realloc(memory, size);
}
void* memalign(size_t alignment, size_t size) noexcept {
  Note(&allocations);
  return __libc_memalign(alignment, size);
}
void* aligned_alloc(size_t alignment, size_t size) noexcept {
  Note(&allocations);
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** memory, size_t alignment, size_t size) noexcept {
  Note(&allocations);
  *memory = __libc_memalign(alignment, size);
  return *memory == nullptr ? ENOMEM : 0;
}
void free(void* memory) noexcept {
  if (memory != nullptr) Note(&allocations);
  __libc_free(memory);
}
void* mmap(void* address, size_t length, int protection, int flags, int file,
           off_t offset) noexcept {
  Note(&allocations);
  const auto mapped = syscall(SYS_mmap, address, length, protection, flags, file, offset);
  return reinterpret_cast<void*>(mapped);
}

int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  Note(&locks);
  static auto* const next = Next<int(pthread_mutex_t*)>("pthread_mutex_lock");
  return next(mutex);
}
int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept {
  Note(&locks);
  static auto* const next = Next<int(pthread_mutex_t*)>("pthread_mutex_trylock");
  return next(mutex);
}
int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
  Note(&locks);
  static auto* const next = Next<int(pthread_rwlock_t*)>("pthread_rwlock_rdlock");
  return next(lock);
}
int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
  Note(&locks);
  static auto* const next = Next<int(pthread_rwlock_t*)>("pthread_rwlock_wrlock");
  return next(lock);
}
int pthread_spin_lock(pthread_spinlock_t* lock) noexcept {
  Note(&locks);
  static auto* const next = Next<int(pthread_spinlock_t*)>("pthread_spin_lock");
  return next(lock);
}

int clock_gettime(clockid_t clock, timespec* now) noexcept {
  Note(&clock_reads);
  static auto* const next = Next<int(clockid_t, timespec*)>("clock_gettime");
  return next(clock, now);
}
int gettimeofday(timeval* now, void* zone) noexcept {
  Note(&clock_reads);
  static auto* const next = Next<int(timeval*, void*)>("gettimeofday");
  return next(now, zone);
}
time_t time(time_t* now) noexcept {
  Note(&clock_reads);
  static auto* const next = Next<time_t(time_t*)>("time");
  return next(now);
}

}  // extern "C"

#if defined(BORDERFLOW_WATCH_ABSL_MUTEX)
// The library's symbol carries its release in the name, so it is asked for by our own, which has
// the same.
template <typename Method>
static auto NextOf(Method method) {
  void* own = nullptr;
  std::memcpy(&own, &method, sizeof(own));
  Dl_info info = {};
  if (dladdr(own, &info) == 0 || info.dli_sname == nullptr) std::abort();
  return Next<void(absl::Mutex*)>(info.dli_sname);
}

void absl::Mutex::Lock() {
  Note(&locks);
  static auto* const next = NextOf(&absl::Mutex::Lock);
  next(this);
}
void absl::Mutex::ReaderLock() {
  Note(&locks);
  static auto* const next = NextOf(&absl::Mutex::ReaderLock);
  next(this);
}
#endif  // BORDERFLOW_WATCH_ABSL_MUTEX

#endif  // __SANITIZE_ADDRESS__

namespace borderflow {
namespace {

#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__)

// Answers a refused read of the cycle counter, since some clocks spin until it moves; any other
// fault takes its usual way.
void OnFault(int signal, siginfo_t*, void* context) {
  greg_t* const registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  const auto* const at = reinterpret_cast<const uint8_t*>(registers[REG_RIP]);
  const bool rdtsc = at[0] == 0x0f && at[1] == 0x31;
  const bool rdtscp = at[0] == 0x0f && at[1] == 0x01 && at[2] == 0xf9;
  if (!rdtsc && !rdtscp) {
    ::signal(signal, SIG_DFL);
    return;
  }
  Note(&clock_reads);
  prctl(PR_SET_TSC, PR_TSC_ENABLE);
  const uint64_t cycles = ReadCycles();
  prctl(PR_SET_TSC, PR_TSC_SIGSEGV);
  registers[REG_RIP] += rdtsc ? 2 : 3;
  registers[REG_RAX] = static_cast<uint32_t>(cycles);
  registers[REG_RDX] = static_cast<uint32_t>(cycles >> 32);
  if (rdtscp) registers[REG_RCX] = 0;
}

bool RefuseCycles(bool refuse) {
  static struct sigaction before;
  if (refuse) {
    struct sigaction action = {};
    action.sa_sigaction = OnFault;
    action.sa_flags = SA_SIGINFO;
    if (sigaction(SIGSEGV, &action, &before) != 0) return false;
  }
  const bool done = prctl(PR_SET_TSC, refuse ? PR_TSC_SIGSEGV : PR_TSC_ENABLE) == 0;
  if (!refuse || !done) sigaction(SIGSEGV, &before, nullptr);
  return done;
}

#else

bool RefuseCycles(bool) { return false; }

#endif

}  // namespace

std::ostream& operator<<(std::ostream& out, const CountedCalls& calls) {
  return out << calls.allocations << " allocations, " << calls.locks << " locks, "
             << calls.clock_reads << " clock reads";
}

CallCounter::CallCounter() {
  RefuseCycles(true);
  allocations = locks = clock_reads = 0;
  counting = true;
}

CountedCalls CallCounter::Stop() {
  counting = false;
  RefuseCycles(false);
  return {allocations, locks, clock_reads};
}

bool CallCounter::WatchesCycles() { return RefuseCycles(true) && RefuseCycles(false); }

}  // namespace borderflow
