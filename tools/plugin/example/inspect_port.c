// The smallest application that lets libborderflow look at what it receives: one port, one queue.
//
//   cc inspect_port.c -o inspect_port $(pkg-config --cflags --libs borderflow libdpdk)
//   inspect_port --no-huge --no-pci -m 128 --vdev net_pcap0,rx_pcap=FILE -- borderflow.yaml
//
// Behind --: the configuration, and how many frames to wait for; without, until Ctrl-C. The report
// goes to standard output.
#include <borderflow.h>
#include <rte_eal.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { kPort = 0, kBurst = 32, kDescriptors = 512, kBuffers = 2047 };

static volatile sig_atomic_t stopped = 0;
static void Stop(int signal) {
  (void)signal;
  stopped = 1;
}

static int StartPort(void) {
  struct rte_eth_conf conf = {0};
  struct rte_mempool* pool =
      rte_pktmbuf_pool_create("received", kBuffers, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
  if (pool == NULL || rte_eth_dev_configure(kPort, 1, 0, &conf) != 0) return -1;
  if (rte_eth_rx_queue_setup(kPort, 0, kDescriptors, SOCKET_ID_ANY, NULL, pool) != 0) return -1;
  return rte_eth_dev_start(kPort);
}

int main(int argc, char** argv) {
  const int taken = rte_eal_init(argc, argv);
  if (taken < 0) return 2;
  const char* config = argc > taken + 1 ? argv[taken + 1] : NULL;
  const unsigned long long wanted = argc > taken + 2 ? strtoull(argv[taken + 2], NULL, 10) : 0;

  char error[512];
  bf_handle* sensor = bf_create(config, error, sizeof(error));
  if (sensor == NULL) {
    fprintf(stderr, "inspect_port: %s\n", error);
    return 2;
  }
  if (StartPort() != 0) {
    fprintf(stderr, "inspect_port: port %d does not start\n", kPort);
    return 2;
  }
  signal(SIGINT, Stop);
  signal(SIGTERM, Stop);

  struct rte_mbuf* mbufs[kBurst];
  unsigned long long received = 0;
  while (!stopped && (wanted == 0 || received < wanted)) {
    const uint16_t count = rte_eth_rx_burst(kPort, 0, mbufs, kBurst);
    bf_inspect(sensor, 0, mbufs, count);
    received += count;
    // Here an application would do its own work; this one has none.
    rte_pktmbuf_free_bulk(mbufs, count);
  }

  int exit_code = 0;
  if (bf_finish(sensor, error, sizeof(error)) != 0) {
    fprintf(stderr, "inspect_port: %s\n", error);
    exit_code = 3;
  }
  char* report = bf_snapshot_json(sensor);
  if (report != NULL) fputs(report, stdout);
  bf_free(report);
  bf_destroy(sensor);
  rte_eth_dev_stop(kPort);
  rte_eth_dev_close(kPort);
  rte_eal_cleanup();
  return exit_code;
}
