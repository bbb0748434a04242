#include "tools/command/view.h"

#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "collectors/dashboard/html_report.h"
#include "collectors/dashboard/stored_view.h"
#include "collectors/dashboard/view.h"
#include "collectors/http/access.h"
#include "collectors/http/page_files.h"
#include "collectors/http/server.h"
#include "collectors/http/site.h"
#include "collectors/privacy/publisher.h"
#include "collectors/report/finished_report.h"
#include "tools/account/output_file.h"
#include "tools/command/exit_codes.h"
#include "tools/command/policy_input.h"
#include "tools/command/stored_report.h"

namespace borderflow {
namespace {

struct Flags {
  std::string input;
  StoredFlags stored;
  std::string listen;
  std::string json;
  std::string report;
};

int Fail(const absl::Status& status, int exit_code) {
  absl::FPrintF(stderr, "borderflow view: %s\n", std::string(status.message()));
  return exit_code;
}

// What is drawn, and what is scraped.
struct Shown {
  ViewJson view;
  std::shared_ptr<const Publication> publication;
};

absl::StatusOr<Shown> ReadShown(const Flags& flags) {
  if (!IsStore(flags.input)) {
    absl::StatusOr<ViewJson> view = ViewOfReportFile(flags.input);
    if (!view.ok()) return view.status();
    const absl::StatusOr<Report> report = ReadFinishedReport(flags.input);
    if (!report.ok()) return report.status();
    return Shown{*std::move(view), PublicationOfFinished(*report, {})};
  }
  const std::vector<std::string> stores = {flags.input};
  const absl::StatusOr<Report> report = ReportOf(stores, flags.stored);
  if (!report.ok()) return report.status();
  const absl::StatusOr<Timeline> timeline = TimelineOf(stores, flags.stored, *report);
  if (!timeline.ok()) return timeline.status();
  const absl::StatusOr<Lists> lists = LoadLists(flags.stored.lists);
  if (!lists.ok()) return lists.status();
  const absl::StatusOr<std::vector<Pack>> packs = LoadPacks(flags.stored.policies, *lists);
  if (!packs.ok()) return packs.status();
  return Shown{ViewOf(*report, *packs, *timeline, "store"), PublicationOfFinished(*report, *packs)};
}

// The page, and one model that does not change.
class FixedSite {
 public:
  explicit FixedSite(const Shown& shown)
      : page_(BuiltInPage(),
              "/api/v1/view   the figures as JSON\n/metrics       the same for Prometheus\n"),
        view_(ViewText(shown.view) + "\n", "application/json") {
    metrics_.Show(shown.publication);
  }

  HttpResponse Answer(const HttpRequest& request) {
    std::string unused;
    if (auto refused = access_.Check(request, &unused)) return *std::move(refused);
    if (auto page = page_.Answer(request)) return *std::move(page);
    if (request.path == "/healthz") return TextResponse(200, "ok\n");
    if (request.path == "/api/v1/view") return view_.Answer(request);
    if (request.path == "/metrics") return metrics_.Answer(request, "");
    return TextResponse(404, "nothing here; / is the page\n");
  }

 private:
  Access access_ = Access::Local();
  PageFiles page_;
  TaggedText view_;
  Site metrics_{Access::Local(), std::nullopt};
};

absl::StatusOr<ListenAddress> LoopbackOf(const std::string& listen) {
  absl::StatusOr<ListenAddress> address = ParseListenAddress(listen);
  if (!address.ok() || address->loopback) return address;
  return absl::InvalidArgumentError(
      absl::StrCat("--listen: ", listen,
                   " can be reached from other machines, and these figures are "
                   "unsuppressed: listen on 127.0.0.1, or send the file that --report writes"));
}

int Serve(const ListenAddress& address, const Shown& shown) {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  FixedSite site(shown);
  const absl::StatusOr<std::unique_ptr<HttpServer>> server = HttpServer::Start(
      address, std::nullopt,
      [&site](const HttpRequest& request, const std::string&) { return site.Answer(request); });
  if (!server.ok()) return Fail(server.status(), kExitUsage);
  const bool v6 = std::string_view(address.host).find(':') != std::string_view::npos;
  absl::FPrintF(stderr,
                "http://%s%s%s:%d/ shows it; unsuppressed, on this machine only; Ctrl-C ends\n",
                v6 ? "[" : "", address.host, v6 ? "]" : "", (*server)->port());
  int signal = 0;
  sigwait(&signals, &signal);
  return kExitDone;
}

int Run(const Flags& flags) {
  const bool serves = !flags.listen.empty() || (flags.json.empty() && flags.report.empty());
  const absl::StatusOr<ListenAddress> address =
      LoopbackOf(flags.listen.empty() ? "127.0.0.1:9670" : flags.listen);
  if (!address.ok()) return Fail(address.status(), kExitUsage);
  for (const std::string& path : {flags.json, flags.report}) {
    if (absl::Status s = CheckOutput(path); !s.ok()) return Fail(s, kExitUsage);
  }
  absl::StatusOr<Shown> shown = ReadShown(flags);
  if (!shown.ok()) return Fail(shown.status(), kExitUsage);
  absl::Status written;
  if (!flags.report.empty()) written.Update(WriteOutput(flags.report, HtmlReport(shown->view)));
  CutView(kViewBytes, &shown->view);
  if (!flags.json.empty()) written.Update(WriteOutput(flags.json, ViewText(shown->view) + "\n"));
  if (!written.ok()) return Fail(written, kExitRuntime);
  return serves ? Serve(*address, *shown) : kExitDone;
}

}  // namespace

void AddViewCommand(CLI::App& app, int* exit_code) {
  CLI::App* command = app.add_subcommand(
      "view", "a finished report or a store in the dashboard, on this machine only");
  const auto flags = std::make_shared<Flags>();
  command
      ->add_option("REPORT", flags->input,
                   "a report that --json wrote, or a store that --sqlite wrote")
      ->required();
  AddStoredFlags(command, &flags->stored);
  AddListFlags(command, &flags->stored.lists);
  command
      ->add_option("--policy", flags->stored.policies, "pack, or a file that holds one; of a store")
      ->allow_extra_args(false);
  command->add_option("--listen", flags->listen,
                      "ADDRESS:PORT to serve at, loopback only (127.0.0.1:9670)");
  command->add_option("--report", flags->report, "write the one-file report to FILE.html instead");
  command->add_option("--json", flags->json, "write what is drawn to FILE instead");
  command->callback([flags, exit_code] { *exit_code = Run(*flags); });
}

}  // namespace borderflow
