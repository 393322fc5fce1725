# BearSSL as a static library from its sources: plain C, no generated header, no platform.
file(GLOB_RECURSE _bearssl_files CONFIGURE_DEPENDS "${BEARSSL_SOURCE_DIR}/src/*.c")
if(NOT _bearssl_files)
  message(FATAL_ERROR "BEARSSL_SOURCE_DIR holds no BearSSL sources: '${BEARSSL_SOURCE_DIR}'")
endif()
add_library(bearssl STATIC ${_bearssl_files})
target_include_directories(bearssl SYSTEM PUBLIC "${BEARSSL_SOURCE_DIR}/inc")
target_include_directories(bearssl PRIVATE "${BEARSSL_SOURCE_DIR}/src")
# The system's seeder and clock stay out: the host supplies both.
target_compile_definitions(bearssl PRIVATE BR_USE_URANDOM=0 BR_USE_GETENTROPY=0 BR_USE_UNIX_TIME=0)
target_compile_options(bearssl PRIVATE -w -ffunction-sections -fdata-sections)
