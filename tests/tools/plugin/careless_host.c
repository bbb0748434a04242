// A DPDK application that, on a line of input, receives a number of frames, and then ends with exit
// code 7 in one of the ways in which applications do:
//
//   return    the port runs on, DPDK is not told
//   cleanup   DPDK is taken down under a running port
//   close     everything is closed properly, and the application goes on for a while
//   fork      as return, after a child of it has ended in the same way
//   thread    another thread goes on receiving while the application ends
#include <pthread.h>
#include <rte_eal.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { kBurst = 32, kExitCode = 7 };

static uint64_t Receive(void) {
  struct rte_mbuf* mbufs[kBurst];
  const uint16_t count = rte_eth_rx_burst(0, 0, mbufs, kBurst);
  rte_pktmbuf_free_bulk(mbufs, count);
  return count;
}

static void* ReceiveForever(void* unused) {
  for (;;) Receive();
  return unused;
}

int main(int argc, char** argv) {
  const int taken = rte_eal_init(argc, argv);
  if (taken < 0 || argc < taken + 3) return 2;
  const uint64_t wanted = strtoull(argv[taken + 1], NULL, 10);
  const char* way = argv[taken + 2];
  const struct rte_eth_conf conf = {0};
  struct rte_mempool* pool =
      rte_pktmbuf_pool_create("received", 1023, 0, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
  if (pool == NULL || rte_eth_dev_configure(0, 1, 0, &conf) != 0 ||
      rte_eth_rx_queue_setup(0, 0, 512, SOCKET_ID_ANY, NULL, pool) != 0 ||
      rte_eth_dev_start(0) != 0) {
    return 2;
  }
  getchar();
  for (uint64_t received = 0; received < wanted;) received += Receive();

  if (strcmp(way, "cleanup") == 0) rte_eal_cleanup();
  if (strcmp(way, "close") == 0) {
    rte_eth_dev_stop(0);
    rte_eth_dev_close(0);
    rte_eal_cleanup();
    usleep(100000);  // some looks of the tap at what is no more
  }
  if (strcmp(way, "fork") == 0) {
    const pid_t child = fork();
    if (child == 0) exit(kExitCode);
    waitpid(child, NULL, 0);
  }
  if (strcmp(way, "thread") == 0) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, ReceiveForever, NULL) != 0) return 2;
  }
  return kExitCode;
}
