# The builder of the address database, apart from the readers: only the command links it.
borderflow_library(bf_geo_build
  SOURCES tor_geoip.cc libloc.cc mmdb_writer.cc build_database.cc
  DEPS bf_packet bf_jurisdiction absl::flat_hash_map absl::status absl::statusor absl::strings
       absl::span absl::time)
