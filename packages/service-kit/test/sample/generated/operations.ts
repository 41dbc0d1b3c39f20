// Written by `npm run generate` from the routes. Do not edit.
import type { Operation } from '../../../src/http/operation.ts';

export const operations: Operation[] = [
  {
    "operationId": "openForm",
    "routes": "OpenRoutes",
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
