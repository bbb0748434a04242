#include "tools/command/live_flags.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "tools/account/report_file.h"

namespace borderflow {

SensorOptions LiveFlags::Sensor() const {
  SensorOptions options;
  options.ports = ports;
  options.interfaces = interfaces;
  options.cores = cores;
  options.port.workers = account.workers;
  options.port.ring = ring;
  options.port.mbufs = mbufs;
  options.port.link_seconds = link_wait;
  return options;
}

std::string LiveFlags::Command(const AccountPlan& plan) const {
  std::string command = "borderflow live" + FlagsText(account, plan);
  for (const std::string& port : ports) absl::StrAppend(&command, " --port ", port);
  for (const std::string& interface : interfaces) {
    absl::StrAppend(&command, " --interface ", interface);
  }
  if (!eal.empty()) command += " --";
  for (const std::string& argument : eal) absl::StrAppend(&command, " ", argument);
  return command;
}

namespace {

const std::map<std::string, double> kTimeUnits = {{"s", 1}, {"m", 60}, {"h", 3600}};

}  // namespace

void AddLiveFlags(CLI::App* command, LiveFlags* flags) {
  command->add_option("--config", flags->config,
                      "YAML file of these flags; the command line stands above it");
  command->add_flag("--check", flags->check, "validate everything, open no port, and end");
  command->add_flag("--dump", flags->dump, "print the effective configuration as a file, and end");
  command
      ->add_option("--port", flags->ports,
                   "DPDK device: PCI address, port number, or NAME,ARGUMENTS of a virtual one")
      ->allow_extra_args(false);
  command
      ->add_option("--interface", flags->interfaces,
                   "Linux interface, captured through DPDK's net_af_packet")
      ->allow_extra_args(false);
  command->add_option("--cores", flags->cores, "processors of the workers, such as 2,3")
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_option("--ring", flags->ring, "receive descriptors a queue")
      ->check(CLI::Range(64, 32768))
      ->capture_default_str();
  command->add_option("--mbufs", flags->mbufs, "buffers a port; 0 for what its rings need")
      ->capture_default_str();
  command->add_option("--link-wait", flags->link_wait, "seconds that a link may take to come up")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command
      ->add_option("--duration", flags->duration, "end after so long, such as 30s; 0: at a signal")
      ->transform(CLI::AsNumberWithUnit(kTimeUnits, CLI::AsNumberWithUnit::CASE_SENSITIVE, "TIME"))
      ->capture_default_str();
  command
      ->add_option("--until-idle", flags->until_idle,
                   "end after so many seconds without a frame; 0: never")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_option("--every", flags->every, "seconds between two views or log lines")
      ->check(CLI::Range(0.1, 86400.0))
      ->capture_default_str();
  command->add_option("--log", flags->log, "form of log lines")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  AddServingFlags(command, &flags->serving);
  AddAccountFlags(command, &flags->account);
  AddReportFlag(command, &flags->account);
  AddExportFlags(command, &flags->exports);
  AddWindowFlags(command, &flags->account);
  command->add_option("--eal,EAL", flags->eal, "options of DPDK's environment; or behind --");
}

}  // namespace borderflow
