#include "tests/collectors/store/clickhouse/clickhouse_server.h"

#include "absl/strings/str_cat.h"
#include "collectors/store/clickhouse/client.h"

namespace borderflow {

ClickHouseForTest::ClickHouseForTest(const std::string& name)
    : folder_("clickhouse_" + name), http_port_(std::to_string(FreePort(SOCK_STREAM))) {
  const std::string tcp_port = std::to_string(FreePort(SOCK_STREAM));
  // One node that is a cluster of one, so that distributed tables work.
  folder_.Write(
      "config.xml",
      absl::StrCat("<?xml version=\"1.0\"?>\n<yandex><logger><level>error</level><console>1"
                   "</console></logger><http_port>",
                   http_port_, "</http_port><tcp_port>", tcp_port,
                   "</tcp_port><listen_host>127.0.0.1</listen_host><path>", folder_.Path("data/"),
                   "</path><tmp_path>", folder_.Path("tmp/"), "</tmp_path><users_config>",
                   folder_.Path("users.xml"),
                   "</users_config><default_profile>default</default_profile>"
                   "<default_database>default</default_database>"
                   "<mark_cache_size>5000000</mark_cache_size>"
                   "<remote_servers><borderflow><shard><replica><host>127.0.0.1</host><port>",
                   tcp_port,
                   "</port></replica></shard></borderflow></remote_servers>"
                   "<macros><shard>1</shard><replica>1</replica></macros></yandex>\n"));
  folder_.Write(
      "users.xml",
      "<?xml version=\"1.0\"?>\n<yandex><profiles><default/><reader><readonly>1</readonly>"
      "</reader></profiles><quotas><default/></quotas><users>"
      "<default><password></password><networks><ip>127.0.0.1</ip></networks>"
      "<profile>default</profile><quota>default</quota></default>"
      "<ann><password>secret</password><networks><ip>127.0.0.1</ip></networks>"
      "<profile>default</profile><quota>default</quota></ann>"
      "<reader><password>secret</password><networks><ip>127.0.0.1</ip></networks>"
      "<profile>reader</profile><quota>default</quota></reader></users></yandex>\n");
}

bool ClickHouseForTest::Start() {
  process_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{"clickhouse-server", "--config-file=" + folder_.Path("config.xml")},
      folder_.Path("log"));
  return Eventually([this] { return Ask("SELECT 1", "default") == "1"; });
}

std::string ClickHouseForTest::Url(const std::string& database) const {
  return absl::StrCat("http://127.0.0.1:", http_port_, "/", database);
}

std::string ClickHouseForTest::Ask(const std::string& query, const std::string& database) const {
  ClickHouseClient client(*ParseClickHouseUrl(Url(database)));
  const Hurry hurry;
  const absl::StatusOr<std::string> answer = client.Run(query, hurry);
  if (!answer.ok()) return std::string(answer.status().message());
  return answer->empty() ? *answer : answer->substr(0, answer->size() - 1);
}

}  // namespace borderflow
