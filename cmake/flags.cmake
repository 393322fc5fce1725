# The flags of our own code, on one target that vendored code never links.
include(CheckIncludeFileCXX)

add_library(sluice_flags INTERFACE)
target_compile_features(sluice_flags INTERFACE cxx_std_20)
set(CMAKE_CXX_EXTENSIONS OFF)
target_include_directories(sluice_flags INTERFACE "${PROJECT_SOURCE_DIR}/src")
target_compile_options(sluice_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Werror
  $<$<CXX_COMPILER_ID:Clang>:-Wshorten-64-to-32>
  # A designated initialiser names what differs from the defaults; the rest is meant.
  -Wno-missing-field-initializers
  -ffunction-sections -fdata-sections)
if(SLUICE_SANITIZE)
  target_compile_options(sluice_flags INTERFACE
    -fsanitize=${SLUICE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(sluice_flags INTERFACE -fsanitize=${SLUICE_SANITIZE})
endif()

# Exceptions are off for everything but the command line's parser, which lets none out.
add_library(sluice_no_exceptions INTERFACE)
target_compile_options(sluice_no_exceptions INTERFACE -fno-exceptions -fno-rtti)
target_link_libraries(sluice_no_exceptions INTERFACE sluice_flags)

# clang 14 with its libc++ (Debian's Emscripten) knows coroutines but has no header for them.
set(CMAKE_REQUIRED_FLAGS "-std=c++20")
check_include_file_cxx(coroutine SLUICE_HAS_COROUTINE_HEADER)
unset(CMAKE_REQUIRED_FLAGS)
if(NOT SLUICE_HAS_COROUTINE_HEADER)
  target_include_directories(sluice_flags SYSTEM INTERFACE "${PROJECT_SOURCE_DIR}/cmake/shim")
endif()
