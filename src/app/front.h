// The front: the stateless side that meets the internet.
//
//   /in/{source}, /in/{installation}/{source}   size, method, handshake, headers, time, signature;
//                                               then the cell
//   /v1/...                                     bearer token; then the cell of ?installation=
//   /healthz /readyz                            is it alive; can it store
//
// Everything is verified before any cell is touched. A refusal answers with one constant body and
// goes into a ring, which reaches the cell at most every 10 seconds: unsigned traffic costs
// counters, not rows. One refusal of a source in 10 seconds is diagnosed; whether it is depends on
// nothing that its sender could ask about. An unknown installation answers like a wrong secret,
// and whoever does not have the secret sees no difference in time either. A provider's handshake is
// answered here, and never becomes an event.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "app/rpc.h"
#include "crypto/hash.h"
#include "host/engine.h"
#include "manifest/manifest.h"
#include "signature/diagnosis.h"
#include "signature/handshake.h"
#include "signature/keys.h"
#include "signature/verify.h"

namespace sluice::app {

class Front final : public Engine {
 public:
  Front(Host& host, Reply& reply, manifest::Manifest manifest);

  void http(TaskId task, InboundRequest request) override;
  void cron(TaskId task, Instant scheduled) override;
  void alarm(TaskId task) override;
  void rpc(TaskId task, Bytes frame) override;
  void shutdown(TaskId task) override;
  void cancel(TaskId task) override;

 private:
  struct Address {  // Of an inbound webhook.
    std::string source;
    std::string installation;
  };
  struct Cause {  // Of a refusal, for the operator.
    std::string reason;
    std::string detail;
    std::vector<signature::Hint> hints;
  };

  static Cause cause_of(const signature::Refusal& refusal);
  Task<void> serve(TaskId task, InboundRequest request);
  Task<HttpResponse> dispatch(TaskId task, InboundRequest request);
  Task<HttpResponse> receive(TaskId task, Address address, InboundRequest request);
  Task<signature::Verdict> judge(const manifest::Source& source, const signature::Request& request);
  Task<Result<void>> fetch_key(std::string source, signature::KeyWanted wanted);
  Result<void> keep_key(const Result<Bytes>& reply, const signature::KeyWanted& wanted,
                        Instant now);
  Task<HttpResponse> shake_hands(Address address, signature::HandshakeAnswer answer, Instant now);
  Task<HttpResponse> confirm(std::string source, signature::HandshakeFetch fetch);
  Task<HttpResponse> turn_away(Address address, Cause cause, Instant now);
  Task<HttpResponse> admin(InboundRequest request, std::string installation);
  Task<HttpResponse> ready();
  Task<void> tick(TaskId task);
  Task<void> flush(TaskId task);
  Task<void> flush_refusals();

  void refuse(const Address& address, Cause cause, Instant now);
  [[nodiscard]] std::vector<signature::Hint> look_into(const manifest::Source& source,
                                                       const signature::Request& request,
                                                       const signature::Refusal& refusal,
                                                       Instant now);
  void count_webhook(std::string_view source, std::string_view result);
  [[nodiscard]] bool is_authorized(const Headers& headers) const;
  [[nodiscard]] RpcRequest call_of(RpcKind kind, Bytes payload) const;

  Host& host_;
  Reply& reply_;
  manifest::Manifest manifest_;
  std::map<std::string, signature::Keys, std::less<>> keys_;  // By source, prepared once.
  signature::FetchedKeys fetched_;
  std::map<std::string, Instant> key_failures_;  // By URL: when one could not be had.
  std::vector<crypto::Digest256> token_digests_;
  std::deque<Refused> refusals_;
  std::map<std::string, Instant, std::less<>> looked_into_;  // By source: when one was diagnosed.
  Instant flushed_at_;
  std::set<TaskId> live_;
  std::set<TaskId> cancelled_;
};

}  // namespace sluice::app
