// Written by `npm run generate` from the controllers. Do not edit.
import type { Operation } from '@smartserver/service-kit';

export const operations: Operation[] = [
  {
    "operationId": "getLicenseChange",
    "controller": "LicenseChangesController",
    "method": "get",
    "httpMethod": "GET",
    "path": "/v1/license-changes/{changeId}",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "changeId"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "licenses:read"
    ]
  },
  {
    "operationId": "listLicenses",
    "controller": "LicensesController",
    "method": "list",
    "httpMethod": "GET",
    "path": "/v1/licenses",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "query",
        "name": "place"
      },
      {
        "in": "query",
        "name": "customerId"
      },
      {
        "in": "query",
        "name": "installCode"
      },
      {
        "in": "query",
        "name": "kind"
      },
      {
        "in": "query",
        "name": "status"
      },
      {
        "in": "query",
        "name": "text"
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
      "licenses:read"
    ]
  },
  {
    "operationId": "getLicense",
    "controller": "LicensesController",
    "method": "get",
    "httpMethod": "GET",
    "path": "/v1/licenses/{licenseId}",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "licenseId"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "licenses:read"
    ]
  },
  {
    "operationId": "updateLicense",
    "controller": "LicensesController",
    "method": "update",
    "httpMethod": "PATCH",
    "path": "/v1/licenses/{licenseId}",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "licenseId"
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
  },
  {
    "operationId": "listLicenseHistory",
    "controller": "LicensesController",
    "method": "history",
    "httpMethod": "GET",
    "path": "/v1/licenses/{licenseId}/history",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "licenseId"
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
      "licenses:read"
    ]
  },
  {
    "operationId": "reinstateLicense",
    "controller": "LicenseStandingController",
    "method": "reinstate",
    "httpMethod": "POST",
    "path": "/v1/licenses/{licenseId}/reinstate",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "licenseId"
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
    "successStatus": 200,
    "scopes": [
      "licenses:control"
    ]
  },
  {
    "operationId": "revokeLicense",
    "controller": "LicenseStandingController",
    "method": "revoke",
    "httpMethod": "POST",
    "path": "/v1/licenses/{licenseId}/revoke",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "licenseId"
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
    "successStatus": 200,
    "scopes": [
      "licenses:control"
    ]
  },
  {
    "operationId": "splitLicense",
    "controller": "LicenseChangesController",
    "method": "split",
    "httpMethod": "POST",
    "path": "/v1/licenses/{licenseId}/split",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "licenseId"
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
    "successStatus": 200,
    "scopes": [
      "licenses:write"
    ]
  },
  {
    "operationId": "suspendLicense",
    "controller": "LicenseStandingController",
    "method": "suspend",
    "httpMethod": "POST",
    "path": "/v1/licenses/{licenseId}/suspend",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "licenseId"
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
    "successStatus": 200,
    "scopes": [
      "licenses:control"
    ]
  },
  {
    "operationId": "takeBackLicense",
    "controller": "LicenseChangesController",
    "method": "takeBack",
    "httpMethod": "POST",
    "path": "/v1/licenses/{licenseId}/take-back",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "licenseId"
      },
      {
        "in": "header",
        "name": "Idempotency-Key"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "licenses:write"
    ]
  },
  {
    "operationId": "createOrder",
    "controller": "OrdersController",
    "method": "create",
    "httpMethod": "POST",
    "path": "/v1/orders",
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
      "orders:write"
    ]
  },
  {
    "operationId": "listReleases",
    "controller": "ReleasesController",
    "method": "list",
    "httpMethod": "GET",
    "path": "/v1/releases",
    "arguments": [
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
      "releases:read"
    ]
  },
  {
    "operationId": "createRelease",
    "controller": "ReleasesController",
    "method": "create",
    "httpMethod": "POST",
    "path": "/v1/releases",
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
      "releases:write"
    ]
  },
  {
    "operationId": "deleteRelease",
    "controller": "ReleasesController",
    "method": "delete",
    "httpMethod": "DELETE",
    "path": "/v1/releases/{releaseId}",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "releaseId"
      }
    ],
    "successStatus": 204,
    "scopes": [
      "releases:write"
    ]
  },
  {
    "operationId": "getRelease",
    "controller": "ReleasesController",
    "method": "get",
    "httpMethod": "GET",
    "path": "/v1/releases/{releaseId}",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "releaseId"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "releases:read"
    ]
  },
  {
    "operationId": "updateRelease",
    "controller": "ReleasesController",
    "method": "update",
    "httpMethod": "PUT",
    "path": "/v1/releases/{releaseId}",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "releaseId"
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
      "releases:write"
    ]
  },
  {
    "operationId": "listTransfers",
    "controller": "TransfersController",
    "method": "list",
    "httpMethod": "GET",
    "path": "/v1/transfers",
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
      }
    ],
    "successStatus": 200,
    "scopes": [
      "licenses:read",
      "customers:read"
    ]
  },
  {
    "operationId": "createTransfer",
    "controller": "TransfersController",
    "method": "create",
    "httpMethod": "POST",
    "path": "/v1/transfers",
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
  }
];
