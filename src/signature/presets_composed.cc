#include "signature/preset_rows.h"

namespace sluice::signature {
namespace {

// Eight fields joined by colons; those that an event does not have are empty.
constexpr RowPart kAdyenParts[] = {
    {.part = "$pspReference", .after = ":"},
    {.part = "$originalReference", .optional = true},
    {.before = ":"},
    {.part = "$merchantAccountCode", .after = ":"},
    {.part = "$merchantReference", .optional = true},
    {.before = ":"},
    {.part = "$amount/value", .after = ":"},
    {.part = "$amount/currency", .after = ":"},
    {.part = "$eventCode", .after = ":"},
    {.part = "$success"},
};

// What a notification lacks is left out together with its name.
constexpr RowPart kMercadoPagoParts[] = {
    {.part = "query:data.id", .before = "id:", .after = ";", .optional = true, .lower = true},
    {.part = "header:x-request-id", .before = "request-id:", .after = ";", .optional = true},
    {.part = "timestamp", .before = "ts:", .after = ";"},
};

// Messages composed of other texts than time and body: URLs, forms, fields of the body.
constexpr Row kComposedRows[] = {
    {.name = "adyen",
     .stem = "json:/notificationItems/0/NotificationRequestItem/",
     .from = "$additionalData/hmacSignature",
     .encoding = Encoding::kBase64,
     .key = KeyForm::kHex,
     .message = "",
     .parts = kAdyenParts,
     .body_unsigned = true,
     .identity = {"$pspReference"}},
    {.name = "braintree",
     .algorithm = Algorithm::kHmacSha1,
     .from = "form:bt_signature",
     .items = '&',
     .separator = '|',
     .field_is_key_id = true,
     .key = KeyForm::kSha1,
     .message = "{form:bt_payload}",
     .body_unsigned = true},
    {.name = "hubspot-v2",
     .algorithm = Algorithm::kSha256SecretFirst,
     .allow_legacy = true,
     .from = "header:x-hubspot-signature",
     .message = "{method}{url}{body}"},
    {.name = "lever",
     .from = "json:/signature",
     .time = "json:/triggeredAt",
     .time_format = TimeFormat::kMilliseconds,
     .message = "{json:/token}{timestamp}",
     .body_unsigned = true,
     .identity = {"json:/token"}},
    {.name = "mailgun",
     .from = "json:/signature/signature",
     .time = "json:/signature/timestamp",
     .message = "{timestamp}{json:/signature/token}",
     .body_unsigned = true,
     .identity = {"json:/signature/token"}},
    {.name = "mandrill",
     .algorithm = Algorithm::kHmacSha1,
     .from = "header:x-mandrill-signature",
     .encoding = Encoding::kBase64,
     .message = "{url}{form-sorted}"},
    {.name = "mercado-pago",
     .from = "header:x-signature",
     .items = ',',
     .separator = '=',
     .field = "v1",
     .time = "field:ts",
     .time_format = TimeFormat::kSecondsOrMilliseconds,
     .message = "",
     .parts = kMercadoPagoParts,
     .body_unsigned = true},
    {.name = "square",
     .from = "header:x-square-hmacsha256-signature",
     .encoding = Encoding::kBase64,
     .message = "{url}{body}",
     .identity = {"json:/event_id"}},
    {.name = "trello",
     .algorithm = Algorithm::kHmacSha1,
     .from = "header:x-trello-webhook",
     .encoding = Encoding::kBase64,
     .message = "{body}{url}",
     .identity = {"json:/action/id"}},
    {.name = "twilio",
     .algorithm = Algorithm::kHmacSha1,
     .from = "header:x-twilio-signature",
     .encoding = Encoding::kBase64,
     .message = "{url}{form-sorted}",
     .digest = "query:bodySHA256",
     .digest_unless_form = true,
     .identity = {"header:i-twilio-idempotency-token"}},
};

}  // namespace

std::span<const Row> composed_rows() { return kComposedRows; }

}  // namespace sluice::signature
