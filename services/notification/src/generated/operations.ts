// Written by `npm run generate` from the controllers. Do not edit.
import type { Operation } from '@smartserver/service-kit';

export const operations: Operation[] = [
  {
    "operationId": "listNotifications",
    "controller": "NotificationsController",
    "method": "list",
    "httpMethod": "GET",
    "path": "/v1/notifications",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "query",
        "name": "customerId"
      },
      {
        "in": "query",
        "name": "outcome"
      },
      {
        "in": "query",
        "name": "limit"
      },
      {
        "in": "query",
        "name": "cursor"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "notifications:read"
    ]
  }
];
