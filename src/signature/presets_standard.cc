#include "signature/preset_rows.h"

namespace sluice::signature {
namespace {

// Standard Webhooks, under other names of its three headers.
constexpr Row standard_like(Literal name, Literal stem) {
  return {.name = name,
          .stem = stem,
          .from = "header:$signature",
          .items = ' ',
          .separator = ',',
          .field = "v1",
          .encoding = Encoding::kBase64,
          .key = KeyForm::kBase64,
          .key_prefix = "whsec_",
          .time = "header:$timestamp",
          .message = "{header:$id}.{timestamp}.{body}",
          .identity = {"header:$id"}};
}

// Standard Webhooks, and the providers that follow it.
constexpr Row kStandardRows[] = {
    standard_like("anthropic", "webhook-"),
    standard_like("brex", "svix-"),
    standard_like("clerk", "svix-"),
    standard_like("dodo-payments", "webhook-"),
    {.name = "finch",
     .stem = "finch-",
     .from = "header:$signature",
     .items = ' ',
     .separator = ',',
     .field = "v1",
     .encoding = Encoding::kBase64,
     .key = KeyForm::kBase64,
     .time = "header:$timestamp",
     .message = "{header:$event-id}.{timestamp}.{body}",
     .identity = {"header:$event-id"}},
    standard_like("gitlab", "webhook-"),
    standard_like("lithic", "webhook-"),
    standard_like("liveblocks", "webhook-"),
    standard_like("loops", "webhook-"),
    standard_like("openai", "webhook-"),
    {.name = "polar",
     .stem = "webhook-",
     .from = "header:$signature",
     .items = ' ',
     .separator = ',',
     .field = "v1",
     .encoding = Encoding::kBase64,
     .time = "header:$timestamp",
     .message = "{header:$id}.{timestamp}.{body}",
     .identity = {"header:$id"}},
    standard_like("render", "webhook-"),
    standard_like("replicate", "webhook-"),
    standard_like("resend", "svix-"),
    standard_like("seam", "svix-"),
    standard_like("standard", "webhook-"),
    {.name = "standard-v1a",
     .stem = "webhook-",
     .family = Family::kAsymmetric,
     .algorithm = Algorithm::kEd25519,
     .from = "header:$signature",
     .items = ' ',
     .separator = ',',
     .field = "v1a",
     .encoding = Encoding::kBase64,
     .key = KeyForm::kPublicKey,
     .time = "header:$timestamp",
     .message = "{header:$id}.{timestamp}.{body}",
     .identity = {"header:$id"}},
    standard_like("stytch", "svix-"),
    {.name = "supabase",
     .stem = "webhook-",
     .from = "header:$signature",
     .items = ' ',
     .separator = ',',
     .field = "v1",
     .encoding = Encoding::kBase64,
     .key = KeyForm::kBase64,
     .key_prefix = "v1,whsec_",
     .time = "header:$timestamp",
     .message = "{header:$id}.{timestamp}.{body}",
     .identity = {"header:$id"}},
    standard_like("svix", "svix-"),
};

}  // namespace

std::span<const Row> standard_rows() { return kStandardRows; }

}  // namespace sluice::signature
