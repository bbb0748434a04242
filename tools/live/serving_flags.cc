#include "tools/live/serving_flags.h"

#include <map>

namespace borderflow {

void AddServingFlags(CLI::App* command, ServingFlags* flags) {
  const std::map<std::string, double> units = {{"s", 1}, {"m", 60}, {"h", 3600}};
  command->add_option("--listen", flags->listen,
                      "ADDRESS:PORT of metrics and API, such as 127.0.0.1:9669");
  command->add_option("--listen-token", flags->token,
                      "file of the token to be shown, as bearer or as basic password");
  command->add_option("--listen-certificate", flags->certificate, "PEM file, with its chain");
  command->add_option("--listen-key", flags->key, "PEM file of its private key");
  command->add_option("--audit", flags->audit,
                      "file to which every request to the API is appended");
  command
      ->add_option("--min-cell", flags->min_cell,
                   "clients and flows that a served figure needs; 1: unsuppressed")
      ->check(CLI::Range(uint64_t{1}, uint64_t{1'000'000}))
      ->capture_default_str();
  command
      ->add_option("--period", flags->period,
                   "served figures change at multiples of this time, such as 60s")
      ->transform(CLI::AsNumberWithUnit(units, CLI::AsNumberWithUnit::CASE_SENSITIVE, "TIME"))
      ->check(CLI::Range(1.0, 86400.0))
      ->capture_default_str();
}

}  // namespace borderflow
