// Written by `npm run generate` from the routes. Do not edit.
import type { Operation } from '@smartserver/service-kit';

export const operations: Operation[] = [
  {
    "operationId": "getNotificationSettings",
    "routes": "NotificationSettingsRoutes",
    "httpMethod": "GET",
    "path": "/v1/customers/{customerId}/notification-settings",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "customerId"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "notifications:read"
    ]
  },
  {
    "operationId": "putNotificationSettings",
    "routes": "NotificationSettingsRoutes",
    "httpMethod": "PUT",
    "path": "/v1/customers/{customerId}/notification-settings",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "customerId"
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
      "notifications:write"
    ]
  },
  {
    "operationId": "testNotificationSettings",
    "routes": "NotificationSettingsRoutes",
    "httpMethod": "POST",
    "path": "/v1/customers/{customerId}/notification-settings/test",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "customerId"
      }
    ],
    "successStatus": 202,
    "scopes": [
      "notifications:write"
    ]
  },
  {
    "operationId": "getDigestSettings",
    "routes": "DigestSettingsRoutes",
    "httpMethod": "GET",
    "path": "/v1/notification-settings",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "query",
        "name": "partnerId"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "notifications:read"
    ]
  },
  {
    "operationId": "putDigestSettings",
    "routes": "DigestSettingsRoutes",
    "httpMethod": "PUT",
    "path": "/v1/notification-settings",
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
        "in": "query",
        "name": "partnerId"
      },
      {
        "in": "header",
        "name": "If-Match"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "notifications:write"
    ]
  },
  {
    "operationId": "listNotifications",
    "routes": "NotificationsRoutes",
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
  },
  {
    "operationId": "getUnsubscription",
    "routes": "UnsubscriptionsRoutes",
    "httpMethod": "GET",
    "path": "/v1/unsubscriptions/{token}",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "token"
      }
    ],
    "successStatus": 200,
    "scopes": null
  },
  {
    "operationId": "createUnsubscription",
    "routes": "UnsubscriptionsRoutes",
    "httpMethod": "POST",
    "path": "/v1/unsubscriptions/{token}",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "token"
      }
    ],
    "successStatus": 200,
    "scopes": null
  },
  {
    "operationId": "undoUnsubscription",
    "routes": "UnsubscriptionsRoutes",
    "httpMethod": "POST",
    "path": "/v1/unsubscriptions/{token}/undo",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "token"
      }
    ],
    "successStatus": 200,
    "scopes": null
  },
  {
    "operationId": "listWebhookEndpoints",
    "routes": "WebhookEndpointsRoutes",
    "httpMethod": "GET",
    "path": "/v1/webhook-endpoints",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "query",
        "name": "partnerId"
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
      "webhooks:read"
    ]
  },
  {
    "operationId": "createWebhookEndpoint",
    "routes": "WebhookEndpointsRoutes",
    "httpMethod": "POST",
    "path": "/v1/webhook-endpoints",
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
      "webhooks:write"
    ]
  },
  {
    "operationId": "deleteWebhookEndpoint",
    "routes": "WebhookEndpointsRoutes",
    "httpMethod": "DELETE",
    "path": "/v1/webhook-endpoints/{endpointId}",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "endpointId"
      }
    ],
    "successStatus": 204,
    "scopes": [
      "webhooks:write"
    ]
  },
  {
    "operationId": "getWebhookEndpoint",
    "routes": "WebhookEndpointsRoutes",
    "httpMethod": "GET",
    "path": "/v1/webhook-endpoints/{endpointId}",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "endpointId"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "webhooks:read"
    ]
  },
  {
    "operationId": "updateWebhookEndpoint",
    "routes": "WebhookEndpointsRoutes",
    "httpMethod": "PUT",
    "path": "/v1/webhook-endpoints/{endpointId}",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "endpointId"
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
      "webhooks:write"
    ]
  },
  {
    "operationId": "listWebhookDeliveries",
    "routes": "WebhookDeliveriesRoutes",
    "httpMethod": "GET",
    "path": "/v1/webhook-endpoints/{endpointId}/deliveries",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "endpointId"
      },
      {
        "in": "query",
        "name": "status"
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
      "webhooks:read"
    ]
  },
  {
    "operationId": "getWebhookDelivery",
    "routes": "WebhookDeliveriesRoutes",
    "httpMethod": "GET",
    "path": "/v1/webhook-endpoints/{endpointId}/deliveries/{deliveryId}",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "endpointId"
      },
      {
        "in": "path",
        "name": "deliveryId"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "webhooks:read"
    ]
  },
  {
    "operationId": "redeliverWebhook",
    "routes": "WebhookDeliveriesRoutes",
    "httpMethod": "POST",
    "path": "/v1/webhook-endpoints/{endpointId}/deliveries/{deliveryId}/redeliver",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "endpointId"
      },
      {
        "in": "path",
        "name": "deliveryId"
      }
    ],
    "successStatus": 202,
    "scopes": [
      "webhooks:write"
    ]
  },
  {
    "operationId": "rotateWebhookSecret",
    "routes": "WebhookEndpointsRoutes",
    "httpMethod": "POST",
    "path": "/v1/webhook-endpoints/{endpointId}/rotate-secret",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "endpointId"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "webhooks:write"
    ]
  },
  {
    "operationId": "testWebhookEndpoint",
    "routes": "WebhookDeliveriesRoutes",
    "httpMethod": "POST",
    "path": "/v1/webhook-endpoints/{endpointId}/test",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "endpointId"
      }
    ],
    "successStatus": 202,
    "scopes": [
      "webhooks:write"
    ]
  }
];
