// libborderflow: accounts the traffic of a DPDK application by jurisdiction, inside the
// application.
//
//   char error[512];
//   bf_handle* sensor = bf_create("borderflow.yaml", error, sizeof(error));
//
//   // On each lcore that receives, with a lane of its own:
//   uint16_t count = rte_eth_rx_burst(port, queue, mbufs, 32);
//   bf_inspect(sensor, lane, mbufs, count);  // looks at the buffers and takes none
//
//   // On any thread, at any time:
//   char* report = bf_snapshot_json(sensor);
//   bf_free(report);
//
//   // When the lcores have ended:
//   bf_finish(sensor, error, sizeof(error));
//   bf_destroy(sensor);
//
// Nothing is printed, no thread is started, no signal is touched. The application must run on the
// same shared libraries of DPDK as this one.
//
// Errors: functions that can fail write what was found, what was expected and what to do into
// `error`, cut to `error_size` bytes with a terminating zero. `error` may be NULL with size 0.
//
// Thread safety: bf_inspect by one thread a lane; bf_create after rte_eal_init; bf_destroy alone.
// Everything else from any thread at any time; such calls wait for each other.
#ifndef BORDERFLOW_TOOLS_PLUGIN_BORDERFLOW_H_
#define BORDERFLOW_TOOLS_PLUGIN_BORDERFLOW_H_

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define BF_API __attribute__((visibility("default")))
#else
#define BF_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

struct rte_mbuf;
typedef struct bf_handle bf_handle;

// The library's version, "0.1.0".
BF_API const char* bf_version(void);

// Reads everything that a configuration names. `config_path` is a YAML file of the flags that
// `borderflow replay --help` describes, without dashes:
//
//   geo: [/var/lib/borderflow/geo.mmdb]   # also overrides, home, site, zone, anycast
//   workers: 4                            # lanes
//   flows: 1048576                        # of each lane, 80 bytes each when in use
//   json: /var/log/borderflow.json        # also csv, ndjson: written by bf_finish
//
// and tunnel, dedup, policy, vantage, purpose. NULL is one lane and the default database.
// Returns NULL on error.
//
// Frames of ports that there are now and that net_pcap drives carry the times of their capture;
// all others get the time of day of the call that inspects them.
BF_API bf_handle* bf_create(const char* config_path, char* error, size_t error_size);

// How many lanes there are: the configuration's `workers`.
BF_API unsigned bf_lanes(const bf_handle* handle);

// Counts `count` frames on a lane, 0 to bf_lanes - 1. The buffers stay the caller's, unchanged,
// and are not read after the call; chains of segments are read whole. Both directions of a flow
// belong on one lane, as symmetric RSS gives them. Never waits for another lane, takes no lock,
// allocates nothing and makes no system call. The one thing that it may wait for is a snapshot that
// began while the lane had received nothing for some milliseconds: a microsecond or so, and longer
// only if that snapshot's thread loses its core just then, in which case this one yields.
// Returns `count`; 0 if nothing was counted, for a wrong lane or after bf_finish.
BF_API uint16_t bf_inspect(bf_handle* handle, unsigned lane, struct rte_mbuf* const* mbufs,
                           uint16_t count);

// What all lanes have counted so far, as a report (schema borderflow.report/1), each lane as of the
// end of a burst within the call. A flow whose category is undecided waits: it is in `decode` and
// not yet in `cells`. To be freed with bf_free. Also keeps the clock that frames get their time
// from in step with the system's: a program that runs for days calls it now and then.
// Returns NULL only when there is no memory.
BF_API char* bf_snapshot_json(bf_handle* handle);
BF_API void bf_free(char* text);

// Reads databases, overrides and packs that the configuration names again; flows that begin from
// now on are located by them. No frame is lost. Returns 0; -1 on error, with all as it was.
BF_API int bf_reload(bf_handle* handle, char* error, size_t error_size);

// Ends every flow, so that nothing waits any more, and writes the outputs that the configuration
// names. Frames inspected later are not counted; reports can still be read. Returns 0; -1 if an
// output could not be written.
BF_API int bf_finish(bf_handle* handle, char* error, size_t error_size);

// Frees everything, without bf_finish where that was not called. NULL is allowed.
BF_API void bf_destroy(bf_handle* handle);

#ifdef __cplusplus
}
#endif

#endif  // BORDERFLOW_TOOLS_PLUGIN_BORDERFLOW_H_
