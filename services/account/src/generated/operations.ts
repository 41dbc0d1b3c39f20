// Written by `npm run generate` from the routes. Do not edit.
import type { Operation } from '@smartserver/service-kit';

export const operations: Operation[] = [
  {
    "operationId": "getTokenKeys",
    "routes": "TokenKeysRoutes",
    "method": "get",
    "httpMethod": "GET",
    "path": "/.well-known/jwks.json",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      }
    ],
    "successStatus": 200,
    "scopes": null
  },
  {
    "operationId": "listApiClients",
    "routes": "ApiClientsRoutes",
    "method": "list",
    "httpMethod": "GET",
    "path": "/v1/api-clients",
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
      "api-clients:read"
    ]
  },
  {
    "operationId": "createApiClient",
    "routes": "ApiClientsRoutes",
    "method": "create",
    "httpMethod": "POST",
    "path": "/v1/api-clients",
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
      "api-clients:write"
    ]
  },
  {
    "operationId": "revokeApiClient",
    "routes": "ApiClientsRoutes",
    "method": "revoke",
    "httpMethod": "POST",
    "path": "/v1/api-clients/{clientId}/revoke",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "clientId"
      },
      {
        "in": "header",
        "name": "Idempotency-Key"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "api-clients:write"
    ]
  },
  {
    "operationId": "rotateApiClient",
    "routes": "ApiClientsRoutes",
    "method": "rotate",
    "httpMethod": "POST",
    "path": "/v1/api-clients/{clientId}/rotate",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "clientId"
      },
      {
        "in": "header",
        "name": "Idempotency-Key"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "api-clients:write"
    ]
  },
  {
    "operationId": "acceptInvitation",
    "routes": "InvitationsRoutes",
    "method": "accept",
    "httpMethod": "POST",
    "path": "/v1/auth/invitations/{token}/accept",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "token"
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
    "scopes": null
  },
  {
    "operationId": "login",
    "routes": "SignInRoutes",
    "method": "login",
    "httpMethod": "POST",
    "path": "/v1/auth/login",
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
    "successStatus": 200,
    "scopes": null
  },
  {
    "operationId": "logout",
    "routes": "SignInRoutes",
    "method": "logout",
    "httpMethod": "POST",
    "path": "/v1/auth/logout",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "header",
        "name": "Idempotency-Key"
      }
    ],
    "successStatus": 204,
    "scopes": null
  },
  {
    "operationId": "refreshSession",
    "routes": "SignInRoutes",
    "method": "refresh",
    "httpMethod": "POST",
    "path": "/v1/auth/refresh",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "header",
        "name": "Idempotency-Key"
      }
    ],
    "successStatus": 200,
    "scopes": null
  },
  {
    "operationId": "createToken",
    "routes": "TokenRoutes",
    "method": "create",
    "httpMethod": "POST",
    "path": "/v1/auth/token",
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
    "successStatus": 200,
    "scopes": null
  },
  {
    "operationId": "createCmsSession",
    "routes": "CmsSessionsRoutes",
    "method": "create",
    "httpMethod": "POST",
    "path": "/v1/cms/sessions",
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
    "scopes": null
  },
  {
    "operationId": "listCustomers",
    "routes": "CustomersRoutes",
    "method": "list",
    "httpMethod": "GET",
    "path": "/v1/customers",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "query",
        "name": "name"
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
      "customers:read"
    ]
  },
  {
    "operationId": "createCustomer",
    "routes": "CustomersRoutes",
    "method": "create",
    "httpMethod": "POST",
    "path": "/v1/customers",
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
      "customers:write"
    ]
  },
  {
    "operationId": "getCustomer",
    "routes": "CustomersRoutes",
    "method": "get",
    "httpMethod": "GET",
    "path": "/v1/customers/{customerId}",
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
      "customers:read"
    ]
  },
  {
    "operationId": "updateCustomer",
    "routes": "CustomersRoutes",
    "method": "update",
    "httpMethod": "PATCH",
    "path": "/v1/customers/{customerId}",
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
      "customers:write"
    ]
  },
  {
    "operationId": "listContacts",
    "routes": "ContactsRoutes",
    "method": "list",
    "httpMethod": "GET",
    "path": "/v1/customers/{customerId}/contacts",
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
      "customers:read"
    ]
  },
  {
    "operationId": "createContact",
    "routes": "ContactsRoutes",
    "method": "create",
    "httpMethod": "POST",
    "path": "/v1/customers/{customerId}/contacts",
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
        "name": "Idempotency-Key"
      }
    ],
    "successStatus": 201,
    "scopes": [
      "customers:write"
    ]
  },
  {
    "operationId": "deleteContact",
    "routes": "ContactsRoutes",
    "method": "delete",
    "httpMethod": "DELETE",
    "path": "/v1/customers/{customerId}/contacts/{contactId}",
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
        "in": "path",
        "name": "contactId"
      }
    ],
    "successStatus": 204,
    "scopes": [
      "customers:write"
    ]
  },
  {
    "operationId": "getMe",
    "routes": "MeRoutes",
    "method": "get",
    "httpMethod": "GET",
    "path": "/v1/me",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      }
    ],
    "successStatus": 200,
    "scopes": []
  },
  {
    "operationId": "listPartners",
    "routes": "PartnersRoutes",
    "method": "list",
    "httpMethod": "GET",
    "path": "/v1/partners",
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
      "partners:read"
    ]
  },
  {
    "operationId": "createPartner",
    "routes": "PartnersRoutes",
    "method": "create",
    "httpMethod": "POST",
    "path": "/v1/partners",
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
      "partners:write"
    ]
  },
  {
    "operationId": "getPartner",
    "routes": "PartnersRoutes",
    "method": "get",
    "httpMethod": "GET",
    "path": "/v1/partners/{partnerId}",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "partnerId"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "partners:read"
    ]
  },
  {
    "operationId": "listUsers",
    "routes": "PartnerUsersRoutes",
    "method": "list",
    "httpMethod": "GET",
    "path": "/v1/partners/{partnerId}/users",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
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
      "partners:read"
    ]
  },
  {
    "operationId": "inviteUser",
    "routes": "PartnerUsersRoutes",
    "method": "invite",
    "httpMethod": "POST",
    "path": "/v1/partners/{partnerId}/users",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "partnerId"
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
      "partners:write"
    ]
  },
  {
    "operationId": "createPortalChallenge",
    "routes": "PortalSignInRoutes",
    "method": "createChallenge",
    "httpMethod": "POST",
    "path": "/v1/portal/challenges",
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
    "successStatus": 202,
    "scopes": null
  },
  {
    "operationId": "verifyPortalChallenge",
    "routes": "PortalSignInRoutes",
    "method": "verifyChallenge",
    "httpMethod": "POST",
    "path": "/v1/portal/challenges/{challengeId}/verify",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "challengeId"
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
    "scopes": null
  },
  {
    "operationId": "createPortalSession",
    "routes": "PortalSignInRoutes",
    "method": "createSession",
    "httpMethod": "POST",
    "path": "/v1/portal/sessions",
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
    "scopes": null
  }
];
