#include "collectors/store/clickhouse/client.h"

#include <curl/curl.h>

#include <cstdlib>
#include <mutex>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "collectors/store/clickhouse/answer.h"
#include "embedded/kClickHouseSchema.h"

namespace borderflow {
namespace {

constexpr uint64_t kSchemaVersion = 2;
constexpr long kConnectSeconds = 5;
constexpr long kSilenceSeconds = 60;  // without a byte either way
// Of an answer to our own small questions.
constexpr size_t kMaxAnswer = size_t{64} << 20;

void StartCurl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

size_t TakeAnswer(char* bytes, size_t size, size_t count, void* to) {
  auto* answer = static_cast<std::string*>(to);
  if (answer->size() + size * count > kMaxAnswer) return 0;  // ends the transfer
  answer->append(bytes, size * count);
  return size * count;
}

int Progress(void* hurry, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const Hurry*>(hurry)->begun() ? 1 : 0;
}

std::string Part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, CURLU_URLDECODE) != CURLUE_OK) return "";
  std::string copy = text;
  curl_free(text);
  return copy;
}

absl::Status Wrong(const std::string& shown, const std::string& what) {
  return absl::InvalidArgumentError(
      absl::StrCat("\"", shown, "\": ", what,
                   "; expected http[s]://[USER[:PASSWORD]@]HOST[:PORT][/DATABASE], such as "
                   "http://127.0.0.1:8123/borderflow"));
}

}  // namespace

absl::StatusOr<ClickHouseServer> ParseClickHouseUrl(const std::string& url) {
  StartCurl();
  CURLU* parsed = curl_url();
  // What is shown must never hold the password, not even when the rest is wrong.
  const size_t at = url.rfind('@');
  const size_t scheme_end = url.find("://");
  std::string shown = url;
  if (at != std::string::npos) {
    shown = scheme_end == std::string::npos || scheme_end > at
                ? url.substr(at + 1)
                : url.substr(0, scheme_end + 3) + url.substr(at + 1);
  }
  const CURLUcode code = curl_url_set(parsed, CURLUPART_URL, url.c_str(), 0);
  ClickHouseServer server;
  server.shown = shown;
  const std::string scheme = Part(parsed, CURLUPART_SCHEME);
  const std::string host = Part(parsed, CURLUPART_HOST);
  const std::string port = Part(parsed, CURLUPART_PORT);
  const std::string path = Part(parsed, CURLUPART_PATH);
  const std::string query = Part(parsed, CURLUPART_QUERY);
  server.user = Part(parsed, CURLUPART_USER);
  server.password = Part(parsed, CURLUPART_PASSWORD);
  curl_url_cleanup(parsed);
  if (code != CURLUE_OK) return Wrong(shown, curl_url_strerror(code));
  if (scheme != "http" && scheme != "https") {
    return Wrong(shown, absl::StrCat("\"", scheme, "\" is neither http nor https"));
  }
  if (!query.empty()) return Wrong(shown, "a query has no place here");
  server.base = absl::StrCat(scheme, "://", host, port.empty() ? "" : ":", port, "/");
  const std::string database(absl::StripSuffix(absl::StripPrefix(path, "/"), "/"));
  if (!database.empty()) server.database = database;
  if (server.database.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                        "0123456789_") != std::string::npos) {
    return Wrong(shown, "a database's name has letters, digits and underscores");
  }
  const char* password = std::getenv("BORDERFLOW_CLICKHOUSE_PASSWORD");
  if (server.password.empty() && password != nullptr) server.password = password;
  return server;
}

ClickHouseClient::ClickHouseClient(ClickHouseServer server) : server_(std::move(server)) {
  StartCurl();
  curl_ = curl_easy_init();
}

ClickHouseClient::~ClickHouseClient() { curl_easy_cleanup(curl_); }

absl::StatusOr<std::string> ClickHouseClient::RunIn(const std::string& database,
                                                    std::string_view statement,
                                                    const Hurry& hurry) {
  if (curl_ == nullptr) return absl::ResourceExhaustedError("clickhouse: libcurl has no memory");
  CURL* curl = curl_;
  curl_easy_reset(curl);  // keeps the connection
  // A window must not overtake its cells on the way through a distributed table.
  const std::string url =
      absl::StrCat(server_.base, "?insert_distributed_sync=1&database=", database);
  std::string answer;
  char reason[CURL_ERROR_SIZE] = "";
  // No "Expect: 100-continue", which would cost a second where the server ignores it.
  curl_slist* headers = curl_slist_append(nullptr, "Expect:");
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(statement.size()));
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, statement.data());
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, kSilenceSeconds);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, TakeAnswer);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, Progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, const_cast<Hurry*>(&hurry));
  if (!server_.user.empty() || !server_.password.empty()) {
    curl_easy_setopt(curl, CURLOPT_USERNAME,
                     server_.user.empty() ? "default" : server_.user.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, server_.password.c_str());
  }
  const CURLcode done = curl_easy_perform(curl);
  curl_slist_free_all(headers);
  if (done != CURLE_OK) {
    return absl::UnavailableError(absl::StrCat("clickhouse ", server_.shown, ": ",
                                               done == CURLE_ABORTED_BY_CALLBACK ? "no time left"
                                               : reason[0] != '\0'               ? reason
                                                                   : curl_easy_strerror(done)));
  }
  long code = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
  if (absl::Status s = StatusOfAnswer(server_.shown, code, answer); !s.ok()) return s;
  return answer;
}

absl::StatusOr<std::string> ClickHouseClient::Run(std::string_view statement, const Hurry& hurry) {
  return RunIn(server_.database, statement, hurry);
}

absl::Status ClickHouseClient::MakeTables(const Hurry& hurry) {
  for (const absl::string_view statement :
       absl::StrSplit(absl::string_view(kClickHouseSchema.data(), kClickHouseSchema.size()), ";\n",
                      absl::SkipWhitespace())) {
    const absl::StatusOr<std::string> ran =
        Run(std::string_view(statement.data(), statement.size()), hurry);
    if (!ran.ok()) return ran.status();
  }
  return absl::OkStatus();
}

// Version 2 says by which entity lists a window's entities are numbered. Of several sensors that do
// this at once, each may find the others' work done.
absl::Status ClickHouseClient::UpgradeFrom1(const Hurry& hurry) {
  const absl::StatusOr<std::string> engine =
      Run("SELECT engine FROM system.tables WHERE database = currentDatabase() AND name = "
          "'window_parts'",
          hurry);
  if (!engine.ok()) return engine.status();
  if (*engine == "Distributed\n") {
    return absl::FailedPreconditionError(absl::StrCat(
        "clickhouse ", server_.shown, ": the tables of database ", server_.database,
        " are of version 1 and lie on a cluster: an administrator brings them to version 2 with "
        "collectors/store/clickhouse/cluster_from_1.sql; windows wait in the spool until then"));
  }
  const absl::StatusOr<std::string> there =
      Run("SELECT count() FROM system.columns WHERE database = currentDatabase() AND table = "
          "'window_parts' AND name = 'entities_digest'",
          hurry);
  if (!there.ok()) return there.status();
  if (*there == "0\n") {
    const absl::StatusOr<std::string> added =
        Run("ALTER TABLE window_parts ADD COLUMN entities_digest String AFTER rules_digest", hurry);
    if (!added.ok()) return added.status();
  }
  // A view has the columns of the day on which it was made.
  const absl::StatusOr<std::string> dropped = Run("DROP TABLE IF EXISTS windows", hurry);
  if (!dropped.ok()) return dropped.status();
  return MakeTables(hurry);
}

absl::Status ClickHouseClient::Prepare(const Hurry& hurry) {
  // First asked, then made: a sensor needs no right to make tables that are there.
  constexpr char kAsk[] = "SELECT max(version) FROM borderflow_schema";
  absl::StatusOr<std::string> version = Run(kAsk, hurry);
  // The version is written last: without one, whoever began to make the tables did not get to it.
  if (absl::IsNotFound(version.status()) || (version.ok() && *version == "0\n")) {
    const absl::StatusOr<std::string> made =
        RunIn("default", absl::StrCat("CREATE DATABASE IF NOT EXISTS ", server_.database), hurry);
    if (!made.ok()) return made.status();
    if (absl::Status s = MakeTables(hurry); !s.ok()) return s;
    version = Run(kAsk, hurry);
  }
  if (version.ok() && *version == "1\n") {
    if (absl::Status s = UpgradeFrom1(hurry); !s.ok()) return s;
    version = Run(kAsk, hurry);
  }
  if (!version.ok()) return version.status();
  uint64_t found = 0;
  if (!absl::SimpleAtoi(*version, &found) || found != kSchemaVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat("clickhouse ", server_.shown, ": the tables of database ", server_.database,
                     " are of version ", FirstLine(*version), ", this borderflow writes version ",
                     kSchemaVersion, "; use another database, or the borderflow that made it"));
  }
  return absl::OkStatus();
}

}  // namespace borderflow
