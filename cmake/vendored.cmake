# The libraries that the core stands on: `sluice_vendored_*`, the same names in every lane.
#
# Native builds take the system's. Cross builds compile libsodium and BearSSL from their sources,
# and see the header-only ones through a folder of the build tree: the system's include path next
# to a cross compiler's own would mix two C libraries.
function(_sluice_source_dir name pattern)
  file(GLOB found "${PROJECT_SOURCE_DIR}/build/deps/src/${pattern}")
  list(FILTER found EXCLUDE REGEX "\\.(gz|xz|dsc)$")
  set(default "$ENV{${name}}")
  if(NOT default AND found)
    list(GET found 0 default)
  endif()
  set(${name} "${default}" CACHE PATH "Unpacked sources; ./dev setup fetches them")
endfunction()

add_library(sluice_vendored_crypto INTERFACE)
add_library(sluice_vendored_headers INTERFACE)

if(CMAKE_CROSSCOMPILING)
  _sluice_source_dir(SODIUM_SOURCE_DIR "libsodium-*")
  _sluice_source_dir(BEARSSL_SOURCE_DIR "bearssl-*")
  include(cmake/libsodium.cmake)
  include(cmake/bearssl.cmake)
  target_link_libraries(sluice_vendored_crypto INTERFACE sodium bearssl)

  set(SLUICE_HEADERS_DIR "/usr/include" CACHE PATH "Holds nlohmann/ and doctest/")
  foreach(_package nlohmann doctest)
    file(COPY "${SLUICE_HEADERS_DIR}/${_package}" DESTINATION "${CMAKE_BINARY_DIR}/include/staged")
  endforeach()
  target_include_directories(sluice_vendored_headers SYSTEM
    INTERFACE "${CMAKE_BINARY_DIR}/include/staged")
else()
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
  find_library(BEARSSL_LIBRARY bearssl REQUIRED)
  find_path(BEARSSL_INCLUDE_DIR bearssl.h REQUIRED)
  target_link_libraries(sluice_vendored_crypto INTERFACE PkgConfig::SODIUM "${BEARSSL_LIBRARY}")
endif()
target_compile_definitions(sluice_vendored_headers INTERFACE JSON_NOEXCEPTION)
