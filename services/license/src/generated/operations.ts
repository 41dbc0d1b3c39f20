// Written by `npm run generate` from the routes. Do not edit.
import type { Operation } from '@smartserver/service-kit';

export const operations: Operation[] = [
  {
    "operationId": "getLicenseChange",
    "routes": "LicenseChangesRoutes",
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
    "routes": "LicensesRoutes",
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
    "routes": "LicensesRoutes",
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
    "routes": "LicensesRoutes",
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
    "routes": "LicensesRoutes",
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
    "routes": "ControlRoutes",
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
      }
    ],
    "successStatus": 200,
    "scopes": [
      "licenses:control"
    ]
  },
  {
    "operationId": "revokeLicense",
    "routes": "ControlRoutes",
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
      }
    ],
    "successStatus": 200,
    "scopes": [
      "licenses:control"
    ]
  },
  {
    "operationId": "splitLicense",
    "routes": "LicenseChangesRoutes",
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
      }
    ],
    "successStatus": 200,
    "scopes": [
      "licenses:write"
    ]
  },
  {
    "operationId": "suspendLicense",
    "routes": "ControlRoutes",
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
      }
    ],
    "successStatus": 200,
    "scopes": [
      "licenses:control"
    ]
  },
  {
    "operationId": "takeBackLicense",
    "routes": "LicenseChangesRoutes",
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
      }
    ],
    "successStatus": 200,
    "scopes": [
      "licenses:write"
    ]
  },
  {
    "operationId": "createOrder",
    "routes": "OrdersRoutes",
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
      }
    ],
    "successStatus": 201,
    "scopes": [
      "orders:write"
    ]
  },
  {
    "operationId": "listReleases",
    "routes": "ReleasesRoutes",
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
    "routes": "ReleasesRoutes",
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
      }
    ],
    "successStatus": 201,
    "scopes": [
      "releases:write"
    ]
  },
  {
    "operationId": "deleteRelease",
    "routes": "ReleasesRoutes",
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
    "routes": "ReleasesRoutes",
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
    "routes": "ReleasesRoutes",
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
    "routes": "TransfersRoutes",
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
    "routes": "TransfersRoutes",
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
      }
    ],
    "successStatus": 201,
    "scopes": [
      "licenses:write"
    ]
  }
];
