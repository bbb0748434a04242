#include "collectors/store/client_seal.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "rules/digest/sha256.h"

namespace borderflow {
namespace {

constexpr uint8_t kSealed = 0xe0;  // no set begins so (client_set.h)
constexpr size_t kSalt = 6;
constexpr size_t kHead = 1 + kSalt;
constexpr size_t kKey = 32;
constexpr size_t kBlock = 16;
constexpr size_t kMostBlocks = size_t{1} << 16;  // the count in a block has two bytes

void PutNumber(uint64_t value, size_t bytes, uint8_t* to) {
  for (size_t i = 0; i < bytes; ++i) to[i] = static_cast<uint8_t>(value >> (8 * i));
}

absl::Status KeyError(const std::string& path, const std::string& reason) {
  return absl::UnavailableError(
      absl::StrCat(path, ": the key of the store's client sets ", reason));
}

// Whole and on the disk under its name, or not at all; false when another was faster.
absl::StatusOr<bool> WriteKey(const std::string& path, const std::string& text) {
  std::string unfinished = path + ".XXXXXX";
  const int file = mkostemp(unfinished.data(), O_CLOEXEC);  // mode 0600
  if (file < 0) return KeyError(path, absl::StrCat("cannot be written: ", std::strerror(errno)));
  const ssize_t written = write(file, text.data(), text.size());
  const bool whole = written == static_cast<ssize_t>(text.size()) && fsync(file) == 0;
  int error = whole ? 0 : errno;
  close(file);
  // Unlike rename, this leaves a key that is there alone.
  if (error == 0 && link(unfinished.c_str(), path.c_str()) != 0) error = errno;
  unlink(unfinished.c_str());
  if (error == 0 || error == EEXIST) return error == 0;
  return KeyError(path, absl::StrCat("cannot be written: ", std::strerror(error)));
}

}  // namespace

void ClientSeal::FreeContext::operator()(evp_cipher_ctx_st* context) const {
  EVP_CIPHER_CTX_free(context);
}

ClientSeal::~ClientSeal() = default;

absl::StatusOr<std::unique_ptr<ClientSeal>> ClientSeal::FromText(const std::string& path,
                                                                 std::string_view text) {
  const std::string digits(text.substr(0, 2 * kKey));
  if (text.size() < 2 * kKey || digits.find_first_not_of("0123456789abcdef") != std::string::npos) {
    return absl::InvalidArgumentError(absl::StrCat(
        path, ": is no key of a store: expected 64 hexadecimal digits; put the right file back"));
  }
  const std::string key = absl::HexStringToBytes(digits);
  std::unique_ptr<ClientSeal> seal(new ClientSeal());
  seal->id_ = Sha256Hex("borderflow client key " + key).substr(0, 16);
  seal->context_.reset(EVP_CIPHER_CTX_new());
  if (seal->context_ == nullptr ||
      EVP_EncryptInit_ex(seal->context_.get(), EVP_aes_256_ecb(), nullptr,
                         reinterpret_cast<const unsigned char*>(key.data()), nullptr) != 1 ||
      EVP_CIPHER_CTX_set_padding(seal->context_.get(), 0) != 1 ||
      RAND_bytes(reinterpret_cast<unsigned char*>(&seal->next_salt_),
                 static_cast<int>(sizeof(seal->next_salt_))) != 1) {
    return absl::InternalError("libcrypto has no AES, or no random numbers");
  }
  return seal;
}

absl::StatusOr<std::unique_ptr<ClientSeal>> ClientSeal::Load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    const int error = errno;
    if (error == ENOENT) return absl::NotFoundError(absl::StrCat(path, ": is not there"));
    return KeyError(path, absl::StrCat("cannot be read: ", std::strerror(error)));
  }
  return FromText(path, std::string{std::istreambuf_iterator<char>(file), {}});
}

absl::StatusOr<std::unique_ptr<ClientSeal>> ClientSeal::LoadOrMake(const std::string& path) {
  absl::StatusOr<std::unique_ptr<ClientSeal>> there = Load(path);
  if (!absl::IsNotFound(there.status())) return there;
  std::string key(kKey, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(key.data()), static_cast<int>(kKey)) != 1) {
    return absl::InternalError("libcrypto has no random numbers");
  }
  const absl::StatusOr<bool> made = WriteKey(path, absl::BytesToHexString(key) + "\n");
  if (!made.ok()) return made.status();
  return Load(path);
}

bool ClientSeal::Apply(int64_t span, int64_t key, const uint8_t* salt, uint8_t* bytes,
                       size_t size) {
  const size_t blocks = (size + kBlock - 1) / kBlock;
  if (blocks > kMostBlocks) return false;
  blocks_.resize(blocks * kBlock);
  stream_.resize(blocks * kBlock);
  for (size_t i = 0; i < blocks; ++i) {
    uint8_t* const block = &blocks_[i * kBlock];
    PutNumber(static_cast<uint64_t>(span), 4, block);
    PutNumber(static_cast<uint64_t>(key), 4, block + 4);
    std::memcpy(block + 8, salt, kSalt);
    PutNumber(i, 2, block + 14);
  }
  int made = 0;
  if (EVP_EncryptUpdate(context_.get(), stream_.data(), &made, blocks_.data(),
                        static_cast<int>(blocks_.size())) != 1) {
    return false;
  }
  for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<uint8_t>(bytes[i] ^ stream_[i]);
  return true;
}

std::string ClientSeal::Seal(int64_t span, int64_t key, std::string_view set) {
  std::string sealed(kHead + set.size(), '\0');
  auto* const bytes = reinterpret_cast<uint8_t*>(sealed.data());
  bytes[0] = kSealed;
  PutNumber(next_salt_++, kSalt, bytes + 1);
  std::memcpy(bytes + kHead, set.data(), set.size());
  return Apply(span, key, bytes + 1, bytes + kHead, set.size()) ? sealed : "";
}

bool ClientSeal::IsSealed(absl::Span<const uint8_t> bytes) {
  return !bytes.empty() && bytes[0] == kSealed;
}

bool ClientSeal::Open(int64_t span, int64_t key, absl::Span<const uint8_t> sealed,
                      std::vector<uint8_t>* set) {
  if (sealed.size() < kHead) return false;
  set->assign(sealed.begin() + kHead, sealed.end());
  return Apply(span, key, &sealed[1], set->data(), set->size());
}

}  // namespace borderflow
