borderflow_test(tor_geoip_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/tor_geoip_test.cc
  DEPS bf_geo_build)
borderflow_test(libloc_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/libloc_test.cc
  DEPS bf_geo_build)
borderflow_test(mmdb_writer_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/mmdb_writer_test.cc
  DEPS bf_geo_build PkgConfig::MAXMINDDB)
borderflow_test(build_database_test
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/build_database_test.cc
  DEPS bf_geo_build PkgConfig::MAXMINDDB)
