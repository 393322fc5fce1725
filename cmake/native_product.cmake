# The native host, its command line, and the binary `sluice`.
#
# host-shims/native/main.cc is the binary; the rest is a library, so that tests can link it. The
# parser of the command line throws inside: it alone has exceptions on, and lets none out.
set(_host ${SLUICE_NATIVE_HOST_FILES})
list(REMOVE_ITEM _host main.cc)
sluice_paths(_host host-shims/native)
sluice_paths(SLUICE_CLI_FILES host-shims/native)

if(_host)
  pkg_check_modules(EVENT REQUIRED IMPORTED_TARGET libevent_core libevent_extra)
  pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)
  pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
  add_library(sluice_native_host STATIC ${_host})
  target_include_directories(sluice_native_host PUBLIC "${PROJECT_SOURCE_DIR}/host-shims")
  target_link_libraries(sluice_native_host PRIVATE
    sluice_no_exceptions sluice_vendored_headers sluice_vendored_crypto)
  sluice_precompile(sluice_native_host core)
  target_link_libraries(sluice_native_host PUBLIC sluice_app
    PkgConfig::EVENT PkgConfig::CURL PkgConfig::SQLITE)
endif()

if(SLUICE_CLI_FILES)
  find_package(CLI11 REQUIRED)
  add_library(sluice_cli STATIC ${SLUICE_CLI_FILES})
  target_include_directories(sluice_cli PUBLIC "${PROJECT_SOURCE_DIR}/host-shims")
  # Optimised and sanitized, the parser of arguments takes longer to compile than any other file. It
  # has run-time type information and the objects it meets have none, which is no defect: these
  # options come after those of sluice_flags, which they take one check from. The product's is
  # optimised: what it makes of the library's templates may be linked for everybody.
  add_library(sluice_cli_flags INTERFACE)
  if(SLUICE_SANITIZE)
    target_compile_options(sluice_cli_flags INTERFACE -O0 -fno-sanitize=vptr)
  endif()
  target_link_libraries(sluice_cli PRIVATE sluice_flags sluice_cli_flags CLI11::CLI11)
  target_link_libraries(sluice_cli PUBLIC sluice_app)
endif()

if(EXISTS "${PROJECT_SOURCE_DIR}/host-shims/native/main.cc")
  add_executable(sluice host-shims/native/main.cc)
  foreach(_part sluice_native_host sluice_cli)
    if(TARGET ${_part})
      target_link_libraries(sluice PRIVATE ${_part})
    endif()
  endforeach()
  target_link_libraries(sluice PRIVATE sluice_no_exceptions sluice_no_marks)
  # A turn's webhooks are freed together, which is more at once than the C library's allocator keeps
  # at hand. This one takes its place in the whole process; nothing calls it by name.
  if(NOT SLUICE_SANITIZE)
    find_package(mimalloc REQUIRED)
    target_link_options(sluice PRIVATE -Wl,--no-as-needed)
    target_link_libraries(sluice PRIVATE mimalloc)
  endif()
endif()

# SLUICE_BENCH_PROGRAMS: bench/<name>.cc for each name: load, its receiver, what is compared with.
if(SLUICE_BENCH_PROGRAMS)
  find_package(benchmark REQUIRED)
  add_custom_target(bench_programs DEPENDS ${SLUICE_BENCH_PROGRAMS})
endif()
foreach(_name ${SLUICE_BENCH_PROGRAMS})
  add_executable(${_name} EXCLUDE_FROM_ALL "bench/${_name}.cc")
  target_link_libraries(${_name} PRIVATE sluice_no_exceptions sluice_crypto sluice_vendored_crypto
    PkgConfig::EVENT PkgConfig::SQLITE benchmark::benchmark)
endforeach()
if("timing" IN_LIST SLUICE_BENCH_PROGRAMS)
  target_link_libraries(timing PRIVATE sluice_app sluice_no_marks)
endif()
if("verify_native" IN_LIST SLUICE_BENCH_PROGRAMS)
  target_link_libraries(verify_native PRIVATE sluice_signature sluice_no_marks)
endif()
