#include "native/sample_bodies.h"

#include <array>

namespace sluice::native {

namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kForm = "application/x-www-form-urlencoded";

constexpr auto kBodies = std::to_array<SampleBody>({
    {"adyen", "AUTHORISATION", "", kJson,
     R"({"live":"false","notificationItems":[{"NotificationRequestItem":{"additionalData":{},)"
     R"("amount":{"currency":"EUR","value":1130},"eventCode":"$EVENT$",)"
     R"("eventDate":"$RFC3339$","merchantAccountCode":"ExampleShop",)"
     R"("merchantReference":"order-$NUMBER$","originalReference":"","paymentMethod":"visa",)"
     R"("pspReference":"$ID$","success":"true"}}]})"},
    {"calendly", "invitee.created", "", kJson,
     R"({"event":"$EVENT$","created_at":"$RFC3339$","payload":{"uri":)"
     R"("https://api.calendly.com/scheduled_events/$UUID$/invitees/$UUID$",)"
     R"("email":"ada@example.com","name":"Ada Example","status":"active"}})"},
    {"discord", "1", "", kJson,
     R"({"version":1,"application_id":"$NUMBER$","id":"$NUMBER$","token":"$ID$","type":2,)"
     R"("data":{"id":"$NUMBER$","name":"order","type":1},"guild_id":"$NUMBER$"})"},
    {"github", "push", "x-github-event", kJson,
     R"({"ref":"refs/heads/main","before":"0000000000000000000000000000000000000000",)"
     R"("after":"$ID$","repository":{"id":$NUMBER$,"name":"example",)"
     R"("full_name":"ada/example"},"pusher":{"name":"ada","email":"ada@example.com"},)"
     R"("commits":[{"id":"$ID$","message":"Fix the door","timestamp":"$RFC3339$"}]})"},
    {"gitlab", "Push Hook", "x-gitlab-event", kJson,
     R"({"object_kind":"push","event_name":"push","ref":"refs/heads/main","after":"$ID$",)"
     R"("project_id":$NUMBER$,"project":{"name":"example"},"total_commits_count":1})"},
    {"hubspot", "contact.creation", "", kJson,
     R"([{"eventId":$NUMBER$,"subscriptionId":12345,"portalId":62515,"appId":54321,)"
     R"("occurredAt":$MS$,"subscriptionType":"$EVENT$","attemptNumber":0,)"
     R"("objectId":$NUMBER$,"changeSource":"CRM","changeFlag":"NEW"}])"},
    {"intercom", "conversation.user.created", "", kJson,
     R"({"type":"notification_event","app_id":"example","id":"notif_$UUID$",)"
     R"("topic":"$EVENT$","delivery_attempts":1,"created_at":$S$,)"
     R"("data":{"type":"notification_event_data","item":{"type":"conversation",)"
     R"("id":"$NUMBER$"}}})"},
    {"linear", "Issue", "linear-event", kJson,
     R"({"action":"create","type":"$EVENT$","createdAt":"$RFC3339$","data":{"id":"$UUID$",)"
     R"("title":"Fix the door","number":7},"organizationId":"$UUID$",)"
     R"("webhookTimestamp":$MS$,"webhookId":"$UUID$"})"},
    {"mailgun", "delivered", "", kJson,
     R"({"signature":{"timestamp":"$S$","token":"$ID$","signature":""},)"
     R"("event-data":{"id":"$ID$","event":"$EVENT$","timestamp":$S$,)"
     R"("recipient":"ada@example.com","message":{"headers":{"message-id":"$ID$@example.com"}}}})"},
    {"meta", "messages", "", kJson,
     R"({"object":"whatsapp_business_account","entry":[{"id":"$NUMBER$","changes":[)"
     R"({"field":"$EVENT$","value":{"messaging_product":"whatsapp","messages":[)"
     R"({"from":"15550001111","id":"wamid.$ID$","timestamp":"$S$","type":"text",)"
     R"("text":{"body":"Hello"}}]}}]}]})"},
    {"mux", "video.asset.ready", "", kJson,
     R"({"type":"$EVENT$","id":"$UUID$","created_at":"$RFC3339$","object":)"
     R"({"type":"asset","id":"$ID$"},"environment":{"name":"Example","id":"example"},)"
     R"("data":{"status":"ready","id":"$ID$","duration":23.9},"attempts":[]})"},
    {"paddle", "transaction.completed", "", kJson,
     R"({"event_id":"evt_$ID$","event_type":"$EVENT$","occurred_at":"$RFC3339$",)"
     R"("notification_id":"ntf_$ID$","data":{"id":"txn_$ID$","status":"completed",)"
     R"("currency_code":"EUR"}})"},
    {"paypal", "PAYMENT.CAPTURE.COMPLETED", "", kJson,
     R"({"id":"WH-$ID$","event_version":"1.0","create_time":"$RFC3339$",)"
     R"("resource_type":"capture","event_type":"$EVENT$","summary":"Payment completed",)"
     R"("resource":{"id":"$NUMBER$","status":"COMPLETED","amount":{"currency_code":"EUR",)"
     R"("value":"11.30"}}})"},
    {"sendgrid", "delivered", "", kJson,
     R"([{"email":"ada@example.com","timestamp":$S$,"smtp-id":"<$ID$@example.com>",)"
     R"("event":"$EVENT$","sg_event_id":"$ID$","sg_message_id":"$ID$.filter"}])"
     "\r\n"},
    {"shippo", "track_updated", "", kJson,
     R"({"event":"$EVENT$","test":true,"data":{"tracking_number":"SHIPPO_TRANSIT",)"
     R"("carrier":"shippo","tracking_status":{"status":"TRANSIT",)"
     R"("status_date":"$RFC3339$","object_id":"$ID$"}}})"},
    {"shopify", "orders/create", "x-shopify-topic", kJson,
     R"({"id":$NUMBER$,"name":"#1001","email":"ada@example.com","created_at":"$RFC3339$",)"
     R"("currency":"EUR","total_price":"11.30","financial_status":"paid",)"
     R"("line_items":[{"id":$NUMBER$,"title":"Door handle","quantity":1,"price":"11.30"}]})"},
    {"slack", "app_mention", "", kJson,
     R"({"token":"unused","team_id":"T0001","api_app_id":"A0001","type":"event_callback",)"
     R"("event_id":"Ev$ID$","event_time":$S$,"event":{"type":"$EVENT$","user":"U0001",)"
     R"("text":"<@U0002> is the door fixed?","ts":"$S$.000100","channel":"C0001"}})"},
    {"aws-sns", "Notification", "x-amz-sns-message-type", "text/plain; charset=UTF-8",
     R"({"Type":"$EVENT$","MessageId":"$UUID$",)"
     R"("TopicArn":"arn:aws:sns:eu-west-1:123456789012:example","Subject":"Door",)"
     R"("Message":"The door is fixed","Timestamp":"$RFC3339$","SignatureVersion":"2",)"
     R"("Signature":"",)"
     R"("SigningCertURL":"https://sns.eu-west-1.amazonaws.com/SimpleNotificationService.pem",)"
     R"("UnsubscribeURL":"https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe"})"},
    {"square", "payment.updated", "", kJson,
     R"({"merchant_id":"$ID$","type":"$EVENT$","event_id":"$UUID$",)"
     R"("created_at":"$RFC3339$","data":{"type":"payment","id":"$ID$","object":)"
     R"({"payment":{"id":"$ID$","status":"COMPLETED","amount_money":{"amount":1130,)"
     R"("currency":"EUR"}}}}})"},
    {"stripe", "invoice.paid", "", kJson,
     R"({"id":"evt_$ID$","object":"event","api_version":"2025-03-31.basil","created":$S$,)"
     R"("type":"$EVENT$","livemode":false,"pending_webhooks":1,"data":{"object":)"
     R"({"id":"in_$ID$","object":"invoice","amount_paid":1130,"currency":"eur",)"
     R"("customer":"cus_$ID$","status":"paid"}}})"},
    {"twilio", "received", "", kForm,
     "AccountSid=AC$ID$&ApiVersion=2010-04-01&Body=Is+the+door+fixed%3F&From=%2B15550001111"
     "&MessageSid=SM$ID$&NumMedia=0&SmsStatus=$EVENT$&To=%2B15550002222"},
    {"twitch", "stream.online", "twitch-eventsub-subscription-type", kJson,
     R"({"subscription":{"id":"$UUID$","status":"enabled","type":"$EVENT$","version":"1",)"
     R"("created_at":"$RFC3339$"},"event":{"id":"$NUMBER$","broadcaster_user_id":"1337",)"
     R"("type":"live","started_at":"$RFC3339$"}})"},
    {"typeform", "form_response", "", kJson,
     R"({"event_id":"$ID$","event_type":"$EVENT$","form_response":{"form_id":"example",)"
     R"("token":"$ID$","submitted_at":"$RFC3339$","answers":[]}})"},
    {"zendesk", "zen:event-type:user.created", "", kJson,
     R"({"account_id":12514403,"id":"$UUID$","time":"$RFC3339$","type":"$EVENT$",)"
     R"("zendesk_event_version":"2022-11-06","detail":{"id":"$NUMBER$",)"
     R"("email":"ada@example.com"},"event":{}})"},
    {"zoom", "meeting.started", "", kJson,
     R"({"event":"$EVENT$","event_ts":$MS$,"payload":{"account_id":"example","object":)"
     R"({"id":"$NUMBER$","uuid":"$UUID$","topic":"The door","type":2,)"
     R"("start_time":"$RFC3339$"}}})"},
});

}  // namespace

std::span<const SampleBody> sample_bodies() { return kBodies; }

}  // namespace sluice::native
