#include "signature/catalogue.h"

#include <array>

namespace sluice::signature {
namespace {

constexpr std::array<CatalogueEntry, 8> kEntries{{
    {"github", "GitHub",
     "https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries",
     "vector published by the provider"},
    {"integration", "ShopiMind integrator application",
     "https://www.npmjs.com/package/@shopimind/integration-kit-js",
     "vectors of the provider's library"},
    {"shopify", "Shopify", "https://shopify.dev/docs/apps/build/webhooks/subscribe/https",
     "second implementation"},
    {"shopimind", "ShopiMind", "https://www.npmjs.com/package/@shopimind/integration-kit-js",
     "vectors of the provider's library"},
    {"slack", "Slack", "https://api.slack.com/authentication/verifying-requests-from-slack",
     "vector published by the provider"},
    {"standard", "Standard Webhooks",
     "https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/"
     "standard-webhooks.md",
     "vector published with the specification"},
    {"stripe", "Stripe", "https://docs.stripe.com/webhooks/signatures", "the provider's library"},
    {"svix", "Svix", "https://docs.svix.com/receiving/verifying-payloads/how-manual",
     "vector published by the provider"},
}};

}  // namespace

std::vector<CatalogueEntry> catalogue() { return {kEntries.begin(), kEntries.end()}; }

}  // namespace sluice::signature
