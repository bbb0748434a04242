// ClientSeal: client sets as a store keeps them, so that who has only the database cannot test
// addresses against them.
//
//   DATABASE.key    64 hexadecimal digits and a line end, mode 0600: the store's own AES-256 key
//   sealed set      0xe0, 6 bytes of salt, then as many bytes as the set has (client_set.h)
//
// The bytes are those of the set, exclusive-or those that AES makes of (row, salt, count): counter
// mode, with a salt that is drawn anew whenever a row is written. What is opened is the set that
// was sealed, so that sets of several stores can be merged.
//
// Thread safety: none.
#ifndef BORDERFLOW_COLLECTORS_STORE_CLIENT_SEAL_H_
#define BORDERFLOW_COLLECTORS_STORE_CLIENT_SEAL_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

struct evp_cipher_ctx_st;

namespace borderflow {

class ClientSeal {
 public:
  // The key in `path`. Errors: NotFound when there is no such file; InvalidArgument when it holds
  // no key; Unavailable when it cannot be read.
  static absl::StatusOr<std::unique_ptr<ClientSeal>> Load(const std::string& path);

  // The same, made if there is none. Of two programs that do so at once, both have the same key.
  // Errors: those of Load, and Unavailable when the file cannot be written.
  static absl::StatusOr<std::unique_ptr<ClientSeal>> LoadOrMake(const std::string& path);

  ~ClientSeal();
  ClientSeal(const ClientSeal&) = delete;
  ClientSeal& operator=(const ClientSeal&) = delete;

  // Tells keys apart, and nothing of the key.
  const std::string& id() const { return id_; }

  // `span` and `key` are the row's. Errors: an empty string when AES or the system's random numbers
  // fail, which no working system does.
  std::string Seal(int64_t span, int64_t key, std::string_view set);

  static bool IsSealed(absl::Span<const uint8_t> bytes);
  // REQUIRES: IsSealed. Errors: false for too few bytes.
  bool Open(int64_t span, int64_t key, absl::Span<const uint8_t> sealed, std::vector<uint8_t>* set);

 private:
  struct FreeContext {
    void operator()(evp_cipher_ctx_st* context) const;
  };
  ClientSeal() = default;
  static absl::StatusOr<std::unique_ptr<ClientSeal>> FromText(const std::string& path,
                                                              std::string_view text);
  // Exclusive-or with what the key makes of the row and the salt.
  bool Apply(int64_t span, int64_t key, const uint8_t* salt, uint8_t* bytes, size_t size);

  std::string id_;
  std::unique_ptr<evp_cipher_ctx_st, FreeContext> context_;
  uint64_t next_salt_ = 0;  // from a random start
  std::vector<uint8_t> blocks_;
  std::vector<uint8_t> stream_;
};

}  // namespace borderflow

#endif  // BORDERFLOW_COLLECTORS_STORE_CLIENT_SEAL_H_
