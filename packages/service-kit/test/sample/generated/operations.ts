// Written by `npm run generate` from the routes. Do not edit.
import type { Operation } from '../../../src/http/operation.ts';

export const operations: Operation[] = [
  {
    "operationId": "openForm",
    "routes": "OpenRoutes",
    "method": "form",
    "httpMethod": "POST",
    "path": "/v1/open/form",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "body",
        "name": "body"
      }
    ],
    "successStatus": 204,
    "scopes": null
  },
  {
    "operationId": "openPing",
    "routes": "OpenRoutes",
    "method": "ping",
    "httpMethod": "POST",
    "path": "/v1/open/ping",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      }
    ],
    "successStatus": 204,
    "scopes": null
  },
  {
    "operationId": "listThings",
    "routes": "ThingsRoutes",
    "method": "list",
    "httpMethod": "GET",
    "path": "/v1/things",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "query",
        "name": "limit"
      },
      {
        "in": "query",
        "name": "cursor"
      },
      {
        "in": "query",
        "name": "owner"
      },
      {
        "in": "query",
        "name": "kind"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "licenses:read"
    ]
  },
  {
    "operationId": "createThing",
    "routes": "ThingsRoutes",
    "method": "create",
    "httpMethod": "POST",
    "path": "/v1/things",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "body",
        "name": "body"
      },
      {
        "in": "header",
        "name": "Idempotency-Key"
      }
    ],
    "successStatus": 201,
    "scopes": [
      "licenses:write"
    ]
  },
  {
    "operationId": "deleteThing",
    "routes": "ThingsRoutes",
    "method": "delete",
    "httpMethod": "DELETE",
    "path": "/v1/things/{thingId}",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "thingId"
      }
    ],
    "successStatus": 204,
    "scopes": [
      "licenses:write"
    ]
  },
  {
    "operationId": "getThing",
    "routes": "ThingsRoutes",
    "method": "get",
    "httpMethod": "GET",
    "path": "/v1/things/{thingId}",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "thingId"
      }
    ],
    "successStatus": 200,
    "scopes": []
  },
  {
    "operationId": "editThing",
    "routes": "ThingsRoutes",
    "method": "edit",
    "httpMethod": "PATCH",
    "path": "/v1/things/{thingId}",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "thingId"
      },
      {
        "in": "body",
        "name": "body"
      },
      {
        "in": "header",
        "name": "If-Match"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "licenses:write"
    ]
  }
];
