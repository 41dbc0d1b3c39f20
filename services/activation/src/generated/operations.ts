// Written by `npm run generate` from the routes. Do not edit.
import type { Operation } from '@smartserver/service-kit';

export const operations: Operation[] = [
  {
    "operationId": "listControllers",
    "routes": "ControllersRoutes",
    "httpMethod": "GET",
    "path": "/v1/controllers",
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
        "name": "limit"
      },
      {
        "in": "query",
        "name": "cursor"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "controllers:read"
    ]
  },
  {
    "operationId": "getController",
    "routes": "ControllersRoutes",
    "httpMethod": "GET",
    "path": "/v1/controllers/{installCode}",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "installCode"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "controllers:read"
    ]
  },
  {
    "operationId": "putController",
    "routes": "ControllersRoutes",
    "httpMethod": "PUT",
    "path": "/v1/controllers/{installCode}",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "installCode"
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
      "controllers:write"
    ]
  },
  {
    "operationId": "createActivations",
    "routes": "ActivationsRoutes",
    "httpMethod": "POST",
    "path": "/v1/controllers/{installCode}/activations",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "installCode"
      },
      {
        "in": "body",
        "name": "body"
      }
    ],
    "successStatus": 201,
    "scopes": [
      "activations:write"
    ]
  },
  {
    "operationId": "listAvailableLicenses",
    "routes": "ControllerLicensesRoutes",
    "httpMethod": "GET",
    "path": "/v1/controllers/{installCode}/available-licenses",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "installCode"
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
      "controllers:read"
    ]
  },
  {
    "operationId": "getCoverage",
    "routes": "MaintenanceRoutes",
    "httpMethod": "GET",
    "path": "/v1/controllers/{installCode}/coverage",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "installCode"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "controllers:read"
    ]
  },
  {
    "operationId": "resetDeviceKey",
    "routes": "ControllersRoutes",
    "httpMethod": "DELETE",
    "path": "/v1/controllers/{installCode}/device-key",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "installCode"
      }
    ],
    "successStatus": 204,
    "scopes": [
      "controllers:control"
    ]
  },
  {
    "operationId": "getLicenseDocument",
    "routes": "DocumentsRoutes",
    "httpMethod": "GET",
    "path": "/v1/controllers/{installCode}/license-document",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "installCode"
      },
      {
        "in": "header",
        "name": "If-None-Match"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "controllers:read"
    ]
  },
  {
    "operationId": "listControllerLicenses",
    "routes": "ControllerLicensesRoutes",
    "httpMethod": "GET",
    "path": "/v1/controllers/{installCode}/licenses",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "installCode"
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
      "controllers:read"
    ]
  },
  {
    "operationId": "createReturns",
    "routes": "ReturnsRoutes",
    "httpMethod": "POST",
    "path": "/v1/controllers/{installCode}/returns",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "installCode"
      },
      {
        "in": "body",
        "name": "body"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "activations:write"
    ]
  },
  {
    "operationId": "getLicenseKeys",
    "routes": "DocumentsRoutes",
    "httpMethod": "GET",
    "path": "/v1/license-keys",
    "arguments": [],
    "successStatus": 200,
    "scopes": null
  },
  {
    "operationId": "listOfflineActivations",
    "routes": "OfflineActivationsRoutes",
    "httpMethod": "GET",
    "path": "/v1/offline-activations",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "query",
        "name": "licenseId"
      },
      {
        "in": "query",
        "name": "installCode"
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
      "offline-activations:read"
    ]
  },
  {
    "operationId": "createOfflineActivation",
    "routes": "OfflineActivationsRoutes",
    "httpMethod": "POST",
    "path": "/v1/offline-activations",
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
      "offline-activations:write"
    ]
  },
  {
    "operationId": "getOfflineActivation",
    "routes": "OfflineActivationsRoutes",
    "httpMethod": "GET",
    "path": "/v1/offline-activations/{offlineActivationId}",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "offlineActivationId"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "offline-activations:read"
    ]
  },
  {
    "operationId": "downloadOfflineActivationFile",
    "routes": "OfflineActivationsRoutes",
    "httpMethod": "GET",
    "path": "/v1/offline-activations/{offlineActivationId}/file",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "offlineActivationId"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "offline-activations:read"
    ]
  },
  {
    "operationId": "createOfflineReturn",
    "routes": "OfflineReturnsRoutes",
    "httpMethod": "POST",
    "path": "/v1/offline-returns",
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
    "successStatus": 200,
    "scopes": [
      "offline-activations:write"
    ]
  },
  {
    "operationId": "getSupportEligibility",
    "routes": "MaintenanceRoutes",
    "httpMethod": "GET",
    "path": "/v1/support-eligibility",
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
        "name": "installCode"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "controllers:read"
    ]
  },
  {
    "operationId": "createUpgradeCheck",
    "routes": "MaintenanceRoutes",
    "httpMethod": "POST",
    "path": "/v1/upgrade-checks",
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
    "successStatus": 200,
    "scopes": [
      "controllers:read"
    ]
  }
];
