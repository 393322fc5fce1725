# Toolchain for wasm32 with WASI preview 1. Two ways to satisfy it, tried in this order:
#   1. WASI_SDK_PATH, as a cache variable or in the environment: a wasi-sdk as its authors ship it;
#   2. Debian's packages: clang-NN lld-NN llvm-NN wasi-libc libc++-NN-dev-wasm32
#      libc++abi-NN-dev-wasm32 libclang-rt-NN-dev-wasm32.
list(APPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}")  # For Platform/WASI.cmake.
set(CMAKE_SYSTEM_NAME WASI)
set(CMAKE_SYSTEM_VERSION 1)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES WASI_SDK_PATH WASI_CLANG_VERSION)
foreach(_name WASI_SDK_PATH WASI_CLANG_VERSION)
  if(NOT ${_name} AND DEFINED ENV{${_name}})
    set(${_name} "$ENV{${_name}}")
  endif()
endforeach()

if(WASI_SDK_PATH)
  set(_bin "${WASI_SDK_PATH}/bin/")
  set(_suffix "")
  set(_triple wasm32-wasip1)
  set(CMAKE_SYSROOT "${WASI_SDK_PATH}/share/wasi-sysroot")
else()
  # Debian's libc++ packages for wasm conflict with each other, so at most one version is installed.
  foreach(_version 22 21 20 19)
    if(NOT WASI_CLANG_VERSION AND EXISTS "/usr/lib/llvm-${_version}/lib/wasm32-wasi/libc++.a")
      set(WASI_CLANG_VERSION ${_version})
    endif()
  endforeach()
  if(NOT WASI_CLANG_VERSION)
    message(FATAL_ERROR "No WASI toolchain: set WASI_SDK_PATH, or run ./dev setup.")
  endif()
  set(_bin "")
  set(_suffix "-${WASI_CLANG_VERSION}")
  set(_triple wasm32-wasi)  # Debian names its folders so, and works without --sysroot only.
endif()

set(CMAKE_C_COMPILER ${_bin}clang${_suffix})
set(CMAKE_CXX_COMPILER ${_bin}clang++${_suffix})
find_program(_wasi_ar ${_bin}llvm-ar${_suffix} REQUIRED)
find_program(_wasi_ranlib ${_bin}llvm-ranlib${_suffix} REQUIRED)
set(CMAKE_AR ${_wasi_ar} CACHE FILEPATH "" FORCE)
set(CMAKE_RANLIB ${_wasi_ranlib} CACHE FILEPATH "" FORCE)
set(CMAKE_C_COMPILER_TARGET ${_triple})
set(CMAKE_CXX_COMPILER_TARGET ${_triple})
set(CMAKE_C_FLAGS_INIT "-Wno-deprecated")
set(CMAKE_CXX_FLAGS_INIT "-fno-exceptions -Wno-deprecated")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
