# Every source file of the core, one list per folder of `src`; the tidy test fails on an unlisted
# file.
set(SLUICE_BASE_FILES headers.cc id.cc prng.cc result.cc)
set(SLUICE_BASE_TESTS base_test.cc)
set(SLUICE_CODEC_FILES
    address.cc address_scope.cc base64.cc double_range.cc form.cc frame.cc hex.cc json.cc
    json_parse.cc json_pointer.cc json_scanner.cc json_text.cc json_writer.cc rfc3339.cc row.cc
    url.cc url_policy.cc utf8.cc)
set(SLUICE_CODEC_TESTS
    address_test.cc base64_test.cc double_range_test.cc form_test.cc frame_test.cc hex_test.cc
    json_pointer_test.cc json_test.cc json_writer_test.cc rfc3339_test.cc url_test.cc)
set(SLUICE_CRYPTO_FILES
    certificate.cc certificate_chain.cc certificate_text.cc crc32.cc der.cc ecdsa.cc equal.cc
    hash.cc hmac.cc jwk.cc key_der.cc key_text.cc pem.cc private_key.cc private_key_der.cc
    private_key_text.cc public_key.cc public_signature.cc rsa.cc rsa_padding.cc rsa_public.cc
    sha256.cc sha256_blocks.cc sha256_no_instructions.cc sha256_x86.cc)
set(SLUICE_CRYPTO_TESTS
    certificate_chain_test.cc crc32_test.cc der_test.cc equal_test.cc hash_test.cc hmac_test.cc
    private_key_test.cc public_key_test.cc public_signature_test.cc rsa_public_test.cc
    sha256_test.cc wycheproof_pss_test.cc wycheproof_rsa_test.cc wycheproof_test.cc)
set(SLUICE_SIGNATURE_FILES
    algorithm.cc catalogue.cc catalogue_body.cc catalogue_other.cc catalogue_timed.cc
    certificate_key.cc certificate_signature.cc content_digest.cc coverage.cc
    delivery_identity.cc diagnosis.cc fetched.cc handshake.cc handshake_check.cc
    handshake_presets.cc header_hints.cc jwks.cc jws.cc jwt.cc jwt_claims.cc key_cache.cc
    key_match.cc keys.cc lookup.cc match.cc message.cc message_part.cc message_shape.cc
    message_signature.cc message_signature_base.cc placing.cc preset_rows.cc presets.cc
    presets_body.cc presets_composed.cc presets_fetched.cc presets_public_key.cc
    presets_standard.cc presets_timed.cc presets_token.cc reading.cc request.cc
    request_variants.cc scheme.cc sign.cc signature_text.cc signing_time.cc site.cc
    structured_fields.cc time_window.cc trial.cc verify.cc verify_signed.cc)
set(SLUICE_SIGNATURE_TESTS
    candidates_test.cc certificate_signature_test.cc diagnosis_test.cc fetched_test.cc
    handshake_test.cc identity_test.cc jwt_test.cc keys_test.cc message_shape_test.cc
    message_signature_test.cc mutation_test.cc places_test.cc presets_test.cc public_scheme_test.cc
    published_vectors_test.cc round_trip_test.cc scheme_test.cc sign_test.cc signing_time_test.cc
    token_test.cc vectors_test.cc verify_test.cc)
set(SLUICE_INBOX_FILES dedupe.cc event.cc)
set(SLUICE_INBOX_TESTS inbox_test.cc)
set(SLUICE_OUTBOX_FILES claim.cc endpoint.cc message.cc retry.cc)
set(SLUICE_OUTBOX_TESTS outbox_test.cc)
set(SLUICE_SYNC_FILES backoff.cc cursor.cc page.cc reject.cc step.cc window.cc)
set(SLUICE_SYNC_TESTS backoff_test.cc cursor_test.cc format_test.cc page_test.cc step_test.cc
    window_test.cc)
set(SLUICE_REPLICATION_FILES entry.cc link.cc page.cc token.cc)
set(SLUICE_REPLICATION_TESTS format_test.cc link_test.cc page_test.cc token_test.cc)
set(SLUICE_MANIFEST_FILES
    context.cc endpoints.cc links.cc object.cc overlay.cc parse.cc report.cc routes.cc scheme.cc
    scheme_format.cc scheme_handshake.cc scheme_members.cc scheme_message.cc secrets.cc
    settings.cc sources.cc steps.cc)
set(SLUICE_MANIFEST_TESTS
    parse_test.cc report_test.cc scheme_fault_test.cc scheme_test.cc schemes_test.cc
    sources_test.cc)
set(SLUICE_TASK_FILES lock.cc scheduler.cc)
set(SLUICE_TASK_TESTS task_test.cc)
set(SLUICE_HOST_FILES http.cc log.cc)
set(SLUICE_HOST_TESTS)
set(SLUICE_STORE_FILES
    blob.cc empty_ranges.cc keys.cc migrate.cc store.cc sweep.cc transaction.cc walk.cc)
set(SLUICE_STORE_TESTS
    blob_test.cc empty_ranges_test.cc keys_test.cc store_test.cc transaction_test.cc)
set(SLUICE_TABLES_FILES
  browse.cc
  cursors.cc
  dead_letters.cc
  deliveries.cc
  events.cc
  links.cc
  log.cc
  numbering.cc
  publish.cc
  queue.cc
  queue_audit.cc
  refusals.cc
  retry_now.cc
  secret_use.cc
  seen.cc
  timers.cc)
set(SLUICE_TABLES_TESTS cursors_test.cc log_test.cc outbox_test.cc refusals_test.cc timers_test.cc)
set(SLUICE_FLOW_FILES
  apply_retention.cc
  attempt.cc
  choose_deliveries.cc
  drain_outbox.cc
  fetch_key.cc
  fetch_log.cc
  fetch_page.cc
  publish_item.cc
  publish_message.cc
  pull_link.cc
  read_log.cc
  receive_webhook.cc
  route.cc
  run_sync.cc)
set(SLUICE_FLOW_TESTS apply_retention_test.cc pull_link_test.cc run_sync_test.cc)
set(SLUICE_APP_FILES
  admin.cc
  admin_dead_letters.cc
  admin_endpoints.cc
  admin_events.cc
  admin_json.cc
  admin_keys.cc
  admin_list.cc
  admin_messages.cc
  admin_openapi.cc
  admin_overview.cc
  admin_publish.cc
  admin_sync.cc
  admin_system.cc
  cell_engine.cc
  engine.cc
  front.cc
  front_handshake.cc
  front_refusals.cc
  problem.cc
  reconcile.cc
  registry.cc
  request.cc
  rpc.cc
  wake.cc)
set(SLUICE_APP_TESTS
  admin_dead_letters_test.cc
  admin_messages_test.cc
  admin_sync_test.cc
  admin_test.cc
  engine_test.cc
  front_test.cc
  problem_test.cc
  published_key_test.cc
  request_test.cc
  rpc_test.cc)
set(SLUICE_SIM_FILES
  admin_cell.cc
  faults.cc
  invariants.cc
  marks.cc
  network.cc
  node.cc
  old_age.cc
  operations.cc
  outside.cc
  sim_kv.cc
  sim_store.cc
  swarm.cc
  timeline.cc
  world.cc
  world_time.cc)
set(SLUICE_SIM_TESTS
  swarm_test.cc
  world_test.cc)

# Around the core: the wasm bindings, the core as a library and what stands on that, the native host
# and its command line, native-only tests, fuzzers (a noun such as codec/json stands for
# src/codec/json_fuzz.cc) and benchmark programs (a name stands for bench/<name>.cc).
set(SLUICE_WASM_BINDING_FILES call.cc exports.cc frames.cc wasi_stubs.cc wasm_host.cc)
set(SLUICE_LIBC_PARTS libc_parts.cc)
set(SLUICE_LIBRARY_FILES verifier.cc)
set(SLUICE_JS_BINDING_FILES calls.cc no_system.cc verifying.cc)
set(SLUICE_JS_VERIFY_FILES verify_only.cc)
set(SLUICE_JS_WHOLE_FILES whole.cc)
set(SLUICE_C_BINDING_FILES sluice_verify.cc)
set(SLUICE_NATIVE_HOST_FILES
    checkpointer.cc command_check.cc command_query.cc command_schemes.cc command_send.cc
    command_serve.cc command_signature.cc curl_http.cc curl_transfer.cc described_request.cc
    event_loop.cc files.cc joined_log.cc json_log.cc main.cc metrics.cc node.cc ports.cc
    resident.cc sample_bodies.cc sample_request.cc scheme_explained.cc scheme_guide.cc
    scheme_page.cc serve.cc server.cc sqlite_database.cc sqlite_kv.cc sqlite_store.cc system.cc
    text_table.cc throwaway_key.cc verdict_text.cc wakes.cc web_client.cc)
set(SLUICE_CLI_FILES cli_arguments.cc)
set(SLUICE_NATIVE_TESTS
  abi_frames_test.cc checkpointer_test.cc command_line_test.cc curl_http_test.cc faulty_files.cc
  joined_log_test.cc loopback_peer.cc manifest_schema_test.cc metrics_test.cc node_test.cc
  preset_mutation_test.cc sample_request_test.cc scheme_page_test.cc scripted_engine.cc
  server_test.cc sqlite_kv_test.cc temporary_directory.cc wakes_test.cc)
set(SLUICE_FUZZERS
    codec/form codec/frame codec/json codec/url crypto/key manifest/parse replication/page
    signature/jwt signature/message_signature signature/verify sync/page)
set(SLUICE_BENCH_PROGRAMS load native_baseline sink timing verify_native)
