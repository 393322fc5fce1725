#include "app/admin_openapi.h"

namespace sluice::app {
namespace {

constexpr std::string_view kDocument = R"json(
{"openapi":"3.1.0","info":{"title":"Sluice admin API","version":"1"},"security":[{"bearer":[]}],
"paths":{
"/readyz":{"get":{"summary":"Whether the cell can store","responses":{"200":{
 "$ref":"#/components/responses/Done"},"default":{"$ref":"#/components/responses/Problem"}}}},
"/v1/overview":{"get":{"summary":"One cell at a glance, from bounded scans","parameters":[{
 "$ref":"#/components/parameters/installation"}],"responses":{"200":{
 "$ref":"#/components/responses/Done"},"default":{"$ref":"#/components/responses/Problem"}}}},
"/v1/installations":{"get":{"summary":"The installations of the manifest","parameters":[{
 "$ref":"#/components/parameters/installation"},{"$ref":"#/components/parameters/limit"},{
 "$ref":"#/components/parameters/after"}],"responses":{"200":{
 "$ref":"#/components/responses/Done"},"default":{"$ref":"#/components/responses/Problem"}}}},
"/v1/refusals":{"get":{
 "summary":"What was refused at the door, with reasons: the last 100 of each source",
 "parameters":[{"$ref":"#/components/parameters/installation"},{
 "$ref":"#/components/parameters/limit"},{"$ref":"#/components/parameters/after"},{
 "$ref":"#/components/parameters/source"}],"responses":{"200":{
 "$ref":"#/components/responses/Done"},"default":{"$ref":"#/components/responses/Problem"}}}},
"/v1/keys":{"get":{"summary":"The secrets of every source, and when each last matched",
 "parameters":[{"$ref":"#/components/parameters/installation"},{
 "$ref":"#/components/parameters/limit"},{"$ref":"#/components/parameters/after"}],"responses":{
 "200":{"$ref":"#/components/responses/Done"},"default":{
 "$ref":"#/components/responses/Problem"}}}},
"/v1/openapi.json":{"get":{"summary":"This document","parameters":[{
 "$ref":"#/components/parameters/installation"}],"responses":{"200":{
 "$ref":"#/components/responses/Done"},"default":{"$ref":"#/components/responses/Problem"}}}},
"/v1/events":{"get":{"summary":"Accepted events","parameters":[{
 "$ref":"#/components/parameters/installation"},{"$ref":"#/components/parameters/limit"},{
 "$ref":"#/components/parameters/after"},{"$ref":"#/components/parameters/source"}],"responses":{
 "200":{"$ref":"#/components/responses/Done"},"default":{
 "$ref":"#/components/responses/Problem"}}}},
"/v1/events/{id}":{"get":{"summary":"One event with its headers, body and messages","parameters":[
 {"$ref":"#/components/parameters/installation"},{"$ref":"#/components/parameters/id"}],
 "responses":{"200":{"$ref":"#/components/responses/Done"},"default":{
 "$ref":"#/components/responses/Problem"}}}},
"/v1/messages":{"get":{"summary":"Messages","parameters":[{
 "$ref":"#/components/parameters/installation"},{"$ref":"#/components/parameters/limit"},{
 "$ref":"#/components/parameters/after"},{"$ref":"#/components/parameters/endpoint"},{
 "$ref":"#/components/parameters/state"}],"responses":{"200":{
 "$ref":"#/components/responses/Done"},"default":{"$ref":"#/components/responses/Problem"}}},
 "post":{"summary":"Publishes one event to the endpoints named","requestBody":{"required":true,
 "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Message"}}}},"parameters":[
 {"$ref":"#/components/parameters/installation"},{"name":"Idempotency-Key","in":"header",
 "schema":{"type":"string","minLength":1,"maxLength":255}}],"responses":{"202":{
 "$ref":"#/components/responses/Done"},"default":{"$ref":"#/components/responses/Problem"}}}},
"/v1/messages/{id}":{"get":{"summary":"One message with its attempts","parameters":[{
 "$ref":"#/components/parameters/installation"},{"$ref":"#/components/parameters/id"}],
 "responses":{"200":{"$ref":"#/components/responses/Done"},"default":{
 "$ref":"#/components/responses/Problem"}}}},
"/v1/messages/{id}/retry":{"post":{
 "summary":"Redrives a dead message, or makes a queued one due now","parameters":[{
 "$ref":"#/components/parameters/installation"},{"$ref":"#/components/parameters/id"}],
 "responses":{"202":{"$ref":"#/components/responses/Done"},"default":{
 "$ref":"#/components/responses/Problem"}}}},
"/v1/dead-letters":{"get":{"summary":"Messages that were given up on","parameters":[{
 "$ref":"#/components/parameters/installation"},{"$ref":"#/components/parameters/limit"},{
 "$ref":"#/components/parameters/after"},{"$ref":"#/components/parameters/endpoint"}],
 "responses":{"200":{"$ref":"#/components/responses/Done"},"default":{
 "$ref":"#/components/responses/Problem"}}}},
"/v1/dead-letters/redrive":{"post":{
 "summary":"Redrives the dead letters of one endpoint, oldest first; repeat while `more` is true",
 "parameters":[{"$ref":"#/components/parameters/installation"},{
 "$ref":"#/components/parameters/one-endpoint"}],"responses":{"202":{
 "$ref":"#/components/responses/Done"},"default":{"$ref":"#/components/responses/Problem"}}}},
"/v1/dead-letters/{id}":{"get":{"summary":"One dead letter with its attempts","parameters":[{
 "$ref":"#/components/parameters/installation"},{"$ref":"#/components/parameters/id"}],
 "responses":{"200":{"$ref":"#/components/responses/Done"},"default":{
 "$ref":"#/components/responses/Problem"}}}},
"/v1/dead-letters/{id}/redrive":{"post":{"summary":"Puts a dead letter back into its queue",
 "parameters":[{"$ref":"#/components/parameters/installation"},{
 "$ref":"#/components/parameters/id"}],"responses":{"202":{"$ref":"#/components/responses/Done"},
 "default":{"$ref":"#/components/responses/Problem"}}}},
"/v1/dead-letters/{id}/drop":{"post":{"summary":"Gives a dead letter up for good","parameters":[{
 "$ref":"#/components/parameters/installation"},{"$ref":"#/components/parameters/id"}],
 "responses":{"200":{"$ref":"#/components/responses/Done"},"default":{
 "$ref":"#/components/responses/Problem"}}}},
"/v1/endpoints":{"get":{"summary":"Endpoints and what is queued for them","parameters":[{
 "$ref":"#/components/parameters/installation"},{"$ref":"#/components/parameters/limit"},{
 "$ref":"#/components/parameters/after"}],"responses":{"200":{
 "$ref":"#/components/responses/Done"},"default":{"$ref":"#/components/responses/Problem"}}}},
"/v1/endpoints/{name}":{"get":{"summary":"One endpoint","parameters":[{
 "$ref":"#/components/parameters/installation"},{"$ref":"#/components/parameters/name"}],
 "responses":{"200":{"$ref":"#/components/responses/Done"},"default":{
 "$ref":"#/components/responses/Problem"}}}},
"/v1/endpoints/{name}/pause":{"post":{"summary":"Stops sending; messages stay queued",
 "parameters":[{"$ref":"#/components/parameters/installation"},{
 "$ref":"#/components/parameters/name"}],"responses":{"200":{
 "$ref":"#/components/responses/Done"},"default":{"$ref":"#/components/responses/Problem"}}}},
"/v1/endpoints/{name}/resume":{"post":{"summary":"Ends a pause","parameters":[{
 "$ref":"#/components/parameters/installation"},{"$ref":"#/components/parameters/name"}],
 "responses":{"200":{"$ref":"#/components/responses/Done"},"default":{
 "$ref":"#/components/responses/Problem"}}}},
"/v1/endpoints/{name}/enable":{"post":{
 "summary":"Turns an endpoint on again that answered 410 or was paused","parameters":[{
 "$ref":"#/components/parameters/installation"},{"$ref":"#/components/parameters/name"}],
 "responses":{"200":{"$ref":"#/components/responses/Done"},"default":{
 "$ref":"#/components/responses/Problem"}}}},
"/v1/steps":{"get":{"summary":"Sync steps and their cursors","parameters":[{
 "$ref":"#/components/parameters/installation"},{"$ref":"#/components/parameters/limit"},{
 "$ref":"#/components/parameters/after"}],"responses":{"200":{
 "$ref":"#/components/responses/Done"},"default":{"$ref":"#/components/responses/Problem"}}}},
"/v1/steps/{name}/run":{"post":{"summary":"Runs a step now","parameters":[{
 "$ref":"#/components/parameters/installation"},{"$ref":"#/components/parameters/name"}],
 "responses":{"202":{"$ref":"#/components/responses/Done"},"default":{
 "$ref":"#/components/responses/Problem"}}}},
"/v1/links":{"get":{"summary":"Links and their checkpoints","parameters":[{
 "$ref":"#/components/parameters/installation"},{"$ref":"#/components/parameters/limit"},{
 "$ref":"#/components/parameters/after"}],"responses":{"200":{
 "$ref":"#/components/responses/Done"},"default":{"$ref":"#/components/responses/Problem"}}}},
"/v1/links/{name}/repair":{"post":{"summary":"Begins a link at the peer's beginning again",
 "parameters":[{"$ref":"#/components/parameters/installation"},{
 "$ref":"#/components/parameters/name"}],"responses":{"202":{
 "$ref":"#/components/responses/Done"},"default":{"$ref":"#/components/responses/Problem"}}}},
"/v1/links/{name}/pause":{"post":{"summary":"Stops pulling","parameters":[{
 "$ref":"#/components/parameters/installation"},{"$ref":"#/components/parameters/name"}],
 "responses":{"200":{"$ref":"#/components/responses/Done"},"default":{
 "$ref":"#/components/responses/Problem"}}}},
"/v1/links/{name}/resume":{"post":{"summary":"Ends a pause","parameters":[{
 "$ref":"#/components/parameters/installation"},{"$ref":"#/components/parameters/name"}],
 "responses":{"202":{"$ref":"#/components/responses/Done"},"default":{
 "$ref":"#/components/responses/Problem"}}}},
"/v1/log/{stream}":{"get":{"summary":"A page of a stream of the log, as links pull it",
 "parameters":[{"$ref":"#/components/parameters/installation"},{
 "$ref":"#/components/parameters/stream"},{"$ref":"#/components/parameters/limit"},{
 "$ref":"#/components/parameters/after"}],"responses":{"200":{
 "$ref":"#/components/responses/Done"},"default":{"$ref":"#/components/responses/Problem"}}}}
},
"components":{"parameters":{"limit":{"name":"limit","in":"query","schema":{"type":"integer",
 "minimum":1,"maximum":200,"default":50}},"after":{"name":"after","in":"query",
 "description":"The `next` of an earlier answer.","schema":{"type":"string"}},"installation":{
 "name":"installation","in":"query","schema":{"type":"string","default":"main"}},"source":{
 "name":"source","in":"query","schema":{"type":"string"}},"id":{"name":"id","in":"path",
 "required":true,"schema":{"type":"string"}},"endpoint":{"name":"endpoint","in":"query","schema":{
 "type":"string"}},"state":{"name":"state","in":"query","schema":{"enum":["queued","waiting",
 "delivered","dead","dropped"]}},"one-endpoint":{"name":"endpoint","in":"query","required":true,
 "schema":{"type":"string"}},"name":{"name":"name","in":"path","required":true,"schema":{
 "type":"string"}},"stream":{"name":"stream","in":"path","required":true,"schema":{
 "type":"string"}}},"responses":{"Done":{
 "description":"JSON. Lists are {\"items\": [...], \"next\": ...}.","content":{
 "application/json":{}}},"Problem":{
 "description":"A problem document (RFC 9457) with a stable `code`.","content":{
 "application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}}},"schemas":{
 "Message":{"type":"object","required":["to","body"],"additionalProperties":false,"properties":{
 "to":{"type":"array","minItems":1,"maxItems":64,"uniqueItems":true,"items":{"type":"string"}},
 "body":{"description":"Any JSON value; its source bytes are sent."},"order_key":{"type":"string",
 "minLength":1,"maxLength":256}}},"Problem":{"type":"object","required":["title","status","code"],
 "properties":{"title":{"type":"string"},"status":{"type":"integer"},"code":{"type":"string"},
 "detail":{"type":"string"}}}},
 "securitySchemes":{"bearer":{"type":"http","scheme":"bearer"}}}})json";

}  // namespace

std::string_view openapi_document() { return kDocument; }

}  // namespace sluice::app
