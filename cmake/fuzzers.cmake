# SLUICE_FUZZERS names nouns that read bytes from outside: codec/json is src/codec/json_fuzz.cc.
foreach(_noun ${SLUICE_FUZZERS})
  string(REPLACE "/" "_" _target "fuzz_${_noun}")
  add_executable(${_target} "src/${_noun}_fuzz.cc")
  target_link_libraries(${_target} PRIVATE sluice_no_exceptions sluice_app sluice_no_marks)
  target_link_options(${_target} PRIVATE -fsanitize=fuzzer)
endforeach()
